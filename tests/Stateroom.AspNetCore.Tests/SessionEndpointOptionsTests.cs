namespace Stateroom.AspNetCore.Tests;

public sealed class SessionEndpointOptionsTests
{
    [Fact]
    public void The_defaults_are_sound() =>
        Assert.True(new SessionEndpointOptionsValidator().Validate(null, new SessionEndpointOptions { AllowedOrigins = { "https://app.example", "http://localhost:5173" }, AllowedHosts = { "mcp.example" } }).Succeeded);

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var options = new SessionEndpointOptions
        {
            MaxBodyBytes = 10,
            StreamAfter = TimeSpan.Zero,
            KeepAliveInterval = TimeSpan.FromDays(60),
            RequestStateLifetime = TimeSpan.FromDays(2),
            AllowedOrigins = { "https://app.example/path", "app.example" },
            AllowedHosts = { "https://mcp.example" },
        };

        Assert.Equal(7, new SessionEndpointOptionsValidator().Validate(null, options).Failures!.Count());
    }
}
