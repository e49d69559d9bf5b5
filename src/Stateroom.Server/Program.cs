using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Server.Hosting;
using Stateroom.Server.Tools;
using Stateroom.Server.Weather;

try
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.UseDefaultAddress();
    if (HealthProbe.IsAskedFor(args)) return await HealthProbe.RunAsync(builder.Configuration);

    builder.AddSecretFiles();
    builder.LeaveFaultsToTheirReport();
    builder.AddFrontDoor();
    builder.AddAccess();
    builder.AddKeyRing();
    builder.Services.AddWeather();
    builder.Services.AddHealthChecks();
    builder.Services.AddSettings<Stateroom.Sessions.SessionOptions>(Access.Section);
    builder.Services.AddSettings<SessionEndpointOptions>(Access.Section);
    builder.Services.AddSettings<EncryptionOptions>(Access.Section);
    builder.Services.AddSettings<LimitOptions>(Access.Section);
    builder.AddHeaderLimit();
    builder.AddTelemetry();
    var server = builder.Services
        .AddMcpServer(options => options.ServerInfo = new() { Name = "stateroom-weather", Title = "Stateroom weather", Version = "0.1.0" })
        .WithTools<WeatherTools>()
        .WithTools<SessionInfoTools>()
        .WithTools<PlaceTools>()
        .WithResources<WeatherResources>()
        .WithSubscribeToResourcesHandler(WeatherResources.SubscribeAsync)
        .WithFailureLog()
        .WithCallErrors()
        .WithSessions();
    if (builder.Configuration.GetConnectionString("Redis") is { Length: > 0 } redis) server.WithRedisSessions(redis);

    var app = builder.Build();
    app.Services.GetRequiredService<IStartupValidator>().Validate();
    app.UseFrontDoor();
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapMcpSessions("/mcp").RequireAuthorization(Access.Policy).RequireCors(FrontDoorSetup.CorsPolicy);
    app.MapSessionAdministration("/admin").RequireAuthorization();
    app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
    app.MapHealthChecks("/health/ready");
    app.MapMetrics();
    await app.RunAsync();
    return 0;
}
catch (Exception e) when (StartFaults.Find(e).Count > 0)
{
    return StartFaults.Report(e);
}
