namespace Stateroom.Server.Tests.Hosting;

public sealed class StartTests
{
    [Fact]
    public async Task Outside_development_it_does_not_start_without_authentication()
    {
        var (code, errors) = await ServerProcess.FailAsync("Production");
        Assert.Equal(2, code);
        Assert.Contains("Stateroom:ApiKeys", errors, StringComparison.Ordinal);
        Assert.Contains("Stateroom:AllowAnonymous=true", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_setting_is_named_with_its_fix()
    {
        var (code, errors) = await ServerProcess.FailAsync(
            "Production",
            "--Stateroom:IdleTimeout=30",
            "--Stateroom:MaxStateBytes=many",
            "--Stateroom:ApiKeys:0:Key=plain-secret",
            "--Weather:Provider=Crystal",
            "--Weather:OpenMeteo:Timeout=00:05:00");
        Assert.Equal(2, code);
        Assert.Contains("Stateroom:IdleTimeout is '30'. Give a time as hh:mm:ss.", errors, StringComparison.Ordinal);
        Assert.Contains("Stateroom:MaxStateBytes is 'many'. Give a whole number in digits.", errors, StringComparison.Ordinal);
        Assert.Contains("Stateroom:ApiKeys:0:Key is a plain key", errors, StringComparison.Ordinal);
        Assert.Contains("Weather:Provider is 'Crystal'. Give OpenMeteo or Sample.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("plain-secret", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
