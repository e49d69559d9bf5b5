using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Redis;
using Stateroom.ScaleOut.Fixture;

// A server with tools that show what happens between instances. Its callers name themselves: Bearer tenant/owner.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<ITenantResolver, TokenResolver>();
builder.Services.AddHealthChecks();
builder.Services.Configure<RedisSessionOptions>(builder.Configuration.GetSection("Redis"));
builder.Services.Configure<Stateroom.Sessions.SessionOptions>(builder.Configuration.GetSection("Stateroom"));
builder.Services.Configure<SessionEndpointOptions>(builder.Configuration.GetSection("Stateroom"));
var server = builder.Services.AddMcpServer()
    .WithTools<ProbeTools>()
    .WithResources<ProbeResources>()
    .WithSessions();
if (builder.Configuration.GetConnectionString("Redis") is { } redis)
{
    server.WithRedisSessions(redis);
}

var app = builder.Build();
app.MapMcpSessions("/mcp");
app.MapHealthChecks("/health/ready");
app.Run();
