using Stateroom.Sessions;
using Stateroom.SingleUse;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.ContractTests;

/// <summary>What whoever remembers used tokens holds. A backend's tests inherit this and say how to make one.</summary>
public abstract class UsedTokensContract
{
    private static readonly TenantId Acme = new("acme");
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes one; those of a test share what they remember if several instances can.</summary>
    protected abstract IUsedTokens Create();

    [Fact]
    public async Task A_token_serves_once()
    {
        var tokens = Create();

        Assert.True(await tokens.TryUseAsync(Acme, "token", Retention, Cancel));
        Assert.False(await tokens.TryUseAsync(Acme, "token", Retention, Cancel));
        Assert.True(await tokens.TryUseAsync(Acme, "another", Retention, Cancel));
    }

    [Fact]
    public async Task Tenants_share_no_token_whatever_their_names()
    {
        var tokens = Create();

        foreach (var (tenant, token) in (IEnumerable<(string, string)>)[("a", "bc"), ("ab", "c"), ("abc", ":"), ("a:{}*\r\n", "bc"), ("\ud800", "bc"), ("\ud801", "bc")])
        {
            Assert.True(await tokens.TryUseAsync(new(tenant), token, Retention, Cancel));
        }
    }

    [Fact]
    public async Task Of_many_at_once_exactly_one_uses_it()
    {
        var all = Enumerable.Range(0, 4).Select(_ => Create()).ToList();
        var shared = all.Distinct().Count() == all.Count ? all : [all[0]];

        for (var round = 0; round < 10; round++)
        {
            var token = SessionId.New();
            var uses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => shared[i % shared.Count].TryUseAsync(Acme, token, Retention, Cancel).AsTask(), Cancel)));
            Assert.Single(uses, won => won);
        }
    }

    [Fact]
    public async Task A_time_that_is_over_at_once_is_refused() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Create().TryUseAsync(Acme, "token", TimeSpan.Zero, Cancel));
}
