using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Limits;
using Stateroom.Redis;
using Stateroom.ScaleOut.Fixture;

// A server with tools that show what happens between instances. Its callers name themselves: Bearer tenant/owner.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<ITenantResolver, TokenResolver>();
builder.Services.AddHealthChecks();
builder.Services.Configure<RedisSessionOptions>(builder.Configuration.GetSection("Redis"));
builder.Services.Configure<Stateroom.Sessions.SessionOptions>(builder.Configuration.GetSection("Stateroom"));
builder.Services.Configure<SessionEndpointOptions>(builder.Configuration.GetSection("Stateroom"));
builder.Services.Configure<LimitOptions>(builder.Configuration.GetSection("Stateroom"));
if (builder.Configuration.GetValue<double?>("MinResponseBytesPerSecond") is { } rate)
{
    // So that a test sees in seconds what a slow reader meets in minutes.
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinResponseDataRate = new(rate, TimeSpan.FromSeconds(2)));
}

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
