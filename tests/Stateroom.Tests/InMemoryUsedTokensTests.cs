using Microsoft.Extensions.Time.Testing;
using Stateroom.ContractTests;
using Stateroom.SingleUse;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests;

public sealed class InMemoryUsedTokensTests : UsedTokensContract
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryUsedTokens _tokens;

    public InMemoryUsedTokensTests() => _tokens = new(_time);

    protected override IUsedTokens Create() => _tokens;

    [Fact]
    public async Task What_nobody_accepts_any_more_is_forgotten()
    {
        var cancel = TestContext.Current.CancellationToken;
        for (var i = 0; i < 100; i++)
        {
            await _tokens.TryUseAsync(new TenantId("acme"), $"{i}", TimeSpan.FromMinutes(10 + (i % 2)), cancel);
        }

        _time.Advance(TimeSpan.FromMinutes(10));
        await _tokens.TryUseAsync(new TenantId("acme"), "new", TimeSpan.FromMinutes(10), cancel);
        Assert.Equal(51, _tokens.Count);
    }
}
