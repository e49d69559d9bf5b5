// No peer but a ceiling: the least that an endpoint can do for a weather call, written to be fast and for nothing else.
// --mode=sdk-server: a warm server of the SDK answers. --mode=tool-only: the SDK's tool is called without one.
// --guarded=true: and before that an API key, ASP.NET Core's authentication and authorization, one look-up of a session and one count.
// --redis=HOST:PORT: the look-up is there, and the tool counts there.
using Microsoft.AspNetCore.Authentication;
using ModelContextProtocol.Server;
using Peers.Floor;
using StackExchange.Redis;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var guarded = builder.Configuration.GetValue<bool>("guarded");
if (guarded)
{
    builder.Services.AddAuthentication(ApiKeyHandler.Key).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Key, null);
    builder.Services.AddAuthorization();
}

var app = builder.Build();
if (guarded)
{
    app.UseAuthentication();
    app.UseAuthorization();
}

var redis = builder.Configuration["redis"] is { } address ? (await ConnectionMultiplexer.ConnectAsync(address)).GetDatabase() : null;
var about = new McpServerToolCreateOptions { Name = "get_current_weather", Description = "Get the current weather of a city." };
var options = new McpServerOptions
{
    ToolCollection = [redis is null ? McpServerTool.Create(Answer, about) : McpServerTool.Create(CountAndAnswerAsync, about)],
    KnownClientInfo = new() { Name = "load", Version = "1" },
    KnownClientCapabilities = new(),
};
RequestDelegate answer = builder.Configuration["mode"] == "tool-only" ? new ToolOnly(options).AnswerAsync : new SdkServer(options).AnswerAsync;
if (guarded)
{
    answer = redis is null ? new SessionDoor(answer).AnswerAsync : new RedisSessionDoor(answer, redis).AnswerAsync;
}

var endpoint = app.MapPost("/mcp", answer);
if (guarded) endpoint.RequireAuthorization();
app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes());
app.Run();

static string Answer(string city) => $$"""{"city":"{{city}}","temp":21}""";

async Task<string> CountAndAnswerAsync(string city)
{
    await redis.StringIncrementAsync(city);
    return Answer(city);
}
