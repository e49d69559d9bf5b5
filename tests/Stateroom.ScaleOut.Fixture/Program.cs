using Microsoft.AspNetCore.DataProtection;
using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Encryption;
using Stateroom.Redis;
using Stateroom.ScaleOut.Fixture;

// A server with tools that show what happens between instances. Its callers name themselves: Bearer tenant/owner.
var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton<ITenantResolver, TokenResolver>();
builder.Services.AddHealthChecks();
builder.Services.Configure<RedisSessionOptions>(builder.Configuration.GetSection("Redis"));
builder.Services.Configure<Stateroom.Sessions.SessionOptions>(builder.Configuration.GetSection("Stateroom"));
builder.Services.Configure<SessionEndpointOptions>(builder.Configuration.GetSection("Stateroom"));
builder.Services.Configure<EncryptionOptions>(builder.Configuration.GetSection("Stateroom"));
if (builder.Configuration["KeyFolder"] is { } folder)
{
    builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(folder)).SetApplicationName("probe");
}

builder.Services.AddMcpServer()
    .WithTools<ProbeTools>()
    .WithResources<ProbeResources>()
    .WithSessions()
    .WithRedisSessions(builder.Configuration.GetConnectionString("Redis")!);

var app = builder.Build();
app.MapMcpSessions("/mcp");
app.MapHealthChecks("/health/ready");
app.Run();
