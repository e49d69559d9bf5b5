using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Authentication;

namespace Stateroom.Server.Tests.Authentication;

public sealed class ApiKeyOptionsTests
{
    private const string Hash = "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90";

    [Fact]
    public void A_list_in_the_settings_binds()
    {
        var options = Read(allowPlainKeys: true, ("0:Key", "one"), ("0:Tenant", "t"), ("0:Owner", "o"), ("1:KeyHash", Hash), ("1:Tenant", "t"), ("1:Owner", "o"));
        Assert.Equal(2, options.Keys.Count);
        Assert.Equal(Hash, options.Keys[1].KeyHash);
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_its_fix_and_without_the_key()
    {
        var faults = Faults(
            allowPlainKeys: true,
            ("0:Tenant", "t"), ("0:Owner", "o"),
            ("1:Key", "secret-one"), ("1:KeyHash", Hash), ("1:Tenant", "t"), ("1:Owner", "o"),
            ("2:KeyHash", "sha1:secret"), ("2:Tenant", "t"), ("2:Owner", "o"),
            ("3:Key", "secret-two"),
            ("4:Key", "secret-two"), ("4:Tenant", new string('t', 257)), ("4:Owner", new string('o', 1025)),
            ("5:Key", "secret three"), ("5:Tenant", "t"), ("5:Owner", "o"));

        Assert.Collection(
            faults,
            f => Assert.StartsWith("Stateroom:ApiKeys:0 has neither Key nor KeyHash. Set", f),
            f => Assert.StartsWith("Stateroom:ApiKeys:1 has both Key and KeyHash. Remove", f),
            f => Assert.StartsWith("Stateroom:ApiKeys:2:KeyHash is not a SHA-256. Give", f),
            f => Assert.StartsWith("Stateroom:ApiKeys:3:Tenant is missing. Name", f),
            f => Assert.StartsWith("Stateroom:ApiKeys:3:Owner is missing. Name", f),
            f => Assert.StartsWith("Stateroom:ApiKeys:4:Tenant has 257 characters. Shorten", f),
            f => Assert.StartsWith("Stateroom:ApiKeys:4:Owner has 1025 characters. Shorten", f),
            f => Assert.StartsWith("Stateroom:ApiKeys:4 has the same key as Stateroom:ApiKeys:3. Give", f),
            f => Assert.StartsWith("Stateroom:ApiKeys:5:Key cannot be sent as a bearer token. Use", f));
        Assert.DoesNotContain(faults, f => f.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_key_and_its_own_hash_are_the_same_key() =>
        Assert.Contains(
            Faults(
                allowPlainKeys: true,
                ("0:Key", "abc"), ("0:Tenant", "t"), ("0:Owner", "o"),
                ("1:KeyHash", "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"), ("1:Tenant", "t"), ("1:Owner", "o")),
            f => f.Contains("same key", StringComparison.Ordinal));

    [Fact]
    public void A_plain_key_is_refused_where_it_is_not_allowed() =>
        Assert.Contains("development only", Assert.Single(Faults(allowPlainKeys: false, ("0:Key", "k"), ("0:Tenant", "t"), ("0:Owner", "o"))), StringComparison.Ordinal);

    private static List<string> Faults(bool allowPlainKeys, params (string Key, string Value)[] settings) =>
        [.. Assert.Throws<OptionsValidationException>(() => Read(allowPlainKeys, settings)).Failures];

    private static ApiKeyOptions Read(bool allowPlainKeys, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Stateroom:ApiKeys:{s.Key}", (string?)s.Value)))
            .Build();
        var services = new ServiceCollection();
        services.AddAuthentication().AddApiKeys(options =>
        {
            options.AllowPlainKeys = allowPlainKeys;
            configuration.GetSection("Stateroom:ApiKeys").Bind(options.Keys);
        });
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        return provider.GetRequiredService<IOptionsMonitor<ApiKeyOptions>>().Get(ApiKeyDefaults.AuthenticationScheme);
    }
}
