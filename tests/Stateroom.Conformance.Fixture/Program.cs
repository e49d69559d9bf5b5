using Stateroom.AspNetCore;
using Stateroom.Conformance.Fixture;

// The server that the official conformance suite and the client scripts are run against. The suite cannot send a token
// and opens a session a scenario, so everybody may call and the limits are out of the way.
var builder = WebApplication.CreateBuilder(args);
builder.Services.Configure<SessionEndpointOptions>(options => options.AllowAnonymous = true);
var server = builder.Services.AddMcpServer()
    .WithConformanceFixture()
    .WithSessions(options => options.MaxSessionsPerTenant = 100_000);
if (builder.Configuration.GetConnectionString("Redis") is { Length: > 0 } redis)
{
    server.WithRedisSessions(redis);
}

builder.Services.AddHealthChecks();
var app = builder.Build();
app.MapMcpSessions("/mcp");
app.MapHealthChecks("/health/ready");
app.Run();
