using Stateroom.Cli.BrokenServer;

// An MCP server that is right, or wrong in one way: --fault StaticState, for instance. With --idle 00:00:02 sessions expire.
var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
var fault = builder.Configuration.GetValue("fault", Fault.None);
var sessions = new Sessions(fault, builder.Configuration.GetValue("idle", TimeSpan.FromMinutes(30)), TimeProvider.System);
var endpoint = new HandshakeEndpoint(sessions, new Tools(sessions), new Questions(fault));
var app = builder.Build();
app.MapPost("/mcp", endpoint.PostAsync);
app.MapDelete("/mcp", endpoint.DeleteAsync);
app.MapGet("/mcp", () => Results.StatusCode(StatusCodes.Status405MethodNotAllowed));
await app.RunAsync();
