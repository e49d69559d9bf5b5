// What a user would pick instead: the C# SDK by itself, with its own sessions or with none, and the bare web server as the yardstick.
using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.AddMcpServer()
    .WithHttpTransport(options =>
    {
        options.SessionMode = Enum.Parse<HttpServerSessionMode>(builder.Configuration["mode"] ?? nameof(HttpServerSessionMode.Stateful));
        options.MaxIdleSessionCount = 10_000_000;
    })
    .WithTools<WeatherTools>();

var app = builder.Build();
app.MapMcp("/mcp");
app.MapPost("/echo", async (HttpContext context) =>
{
    // Without the braces this would be a RequestDelegate, whose result nobody writes.
    var body = await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body);
    return Results.Json(body);
});
app.MapGet("/allocated", () => GC.GetTotalAllocatedBytes());
app.Run();

internal sealed class WeatherTools
{
    [McpServerTool(Name = "get_current_weather"), Description("Get the current weather of a city.")]
    public static string GetCurrentWeather(string city) => $$"""{"city":"{{city}}","temp":21}""";
}
