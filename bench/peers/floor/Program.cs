// No peer but a ceiling: the least that an endpoint can do for a weather call, written to be fast and for nothing else.
// --mode=sdk-server: a warm server of the SDK answers. --mode=tool-only: the SDK's tool is called without one.
// --guarded=true: and before that an API key, ASP.NET Core's authentication and authorization, one look-up of a session and one count.
using Microsoft.AspNetCore.Authentication;
using ModelContextProtocol.Server;
using Peers.Floor;

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

var options = new McpServerOptions
{
    ToolCollection = [McpServerTool.Create(
        (string city) => $$"""{"city":"{{city}}","temp":21}""", new() { Name = "get_current_weather", Description = "Get the current weather of a city." })],
    KnownClientInfo = new() { Name = "load", Version = "1" },
    KnownClientCapabilities = new(),
};
RequestDelegate answer = builder.Configuration["mode"] == "tool-only" ? new ToolOnly(options).AnswerAsync : new SdkServer(options).AnswerAsync;
var endpoint = app.MapPost("/mcp", guarded ? new SessionDoor(answer).AnswerAsync : answer);
if (guarded) endpoint.RequireAuthorization();
app.Run();
