using NotesServer;
using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Authentication;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthorization();
builder.Services.AddAuthentication(ApiKeyDefaults.AuthenticationScheme).AddApiKeys(options =>
{
    // Keys in plain text are for development; elsewhere the start refuses them and asks for KeyHash.
    options.AllowPlainKeys = builder.Environment.IsDevelopment();
    options.Keys.Add(new() { Key = "key-of-alice", Tenant = "acme", Owner = "alice" });
    options.Keys.Add(new() { Key = "key-of-bob", Tenant = "acme", Owner = "bob" });
});

var mcp = builder.Services.AddMcpServer()
    .WithTools<NoteTools>()
    .WithSessions(o => o.IdleTimeout = TimeSpan.FromMinutes(30));
if (builder.Configuration.GetConnectionString("Redis") is { Length: > 0 } redis)
{
    mcp.WithRedisSessions(redis);
}

builder.Services.Configure<SessionEndpointOptions>(o => o.SessionTools = true);

var app = builder.Build();
app.UseSessionFrontDoor();
app.UseAuthentication();
app.UseAuthorization();
app.MapMcpSessions("/mcp").RequireAuthorization();
app.MapHealthChecks("/health/ready");
app.Run();
