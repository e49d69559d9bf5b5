// Stateroom in a host as plain as the peers', with their tool: what the library costs, without what the weather server adds (metrics, logs, caches, a provider of weather).
using System.ComponentModel;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Authentication;
using Stateroom.Limits;
using Stateroom.State;
using SessionOptions = Stateroom.Sessions.SessionOptions;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddAuthentication(ApiKeyDefaults.AuthenticationScheme).AddApiKeys(options =>
{
    options.AllowPlainKeys = true;
    options.Keys.Add(new() { Key = builder.Configuration["key"], Tenant = "dev", Owner = "dev" });
});
builder.Services.AddAuthorization();
builder.Services.Configure<SessionOptions>(options => options.MaxSessionsPerOwner = options.MaxSessionsPerTenant = 10_000_000);
builder.Services.Configure<LimitOptions>(limits => limits.RequestRatePerOwner = limits.RequestRatePerTenant = limits.MaxCallsPerOwner = limits.MaxCallsPerTenant = 0);
var server = builder.Services.AddMcpServer().WithTools<WeatherTools>().WithSessions();
if (builder.Configuration["redis"] is { } redis)
{
    server.WithRedisSessions(redis);
}

var app = builder.Build();
app.UseAuthentication();
app.UseAuthorization();
app.MapMcpSessions("/mcp").RequireAuthorization();
app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes());
app.Run();

internal sealed class Room
{
    public int Calls { get; set; }
}

internal sealed class WeatherTools
{
    [McpServerTool(Name = "get_current_weather"), Description("Get the current weather of a city.")]
    public static async Task<string> GetCurrentWeather(string city, ISessionState<Room> room, CancellationToken cancellationToken)
    {
        await room.UpdateAsync(r => new Room { Calls = r.Calls + 1 }, cancellationToken);
        return $$"""{"city":"{{city}}","temp":21}""";
    }
}
