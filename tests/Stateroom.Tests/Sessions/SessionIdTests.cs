using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Sessions;

public sealed class SessionIdTests
{
    [Fact]
    public void Ten_thousand_ids_are_unique_visible_and_use_all_their_characters()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => SessionId.New()).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, id =>
        {
            Assert.Equal(SessionId.Length, id.Length);
            Assert.True(SessionId.IsWellFormed(id));
            Assert.All(id, c => Assert.InRange(c, '\x21', '\x7E'));
        });

        // 64 characters, 10,000 draws a place: about 156 of each. A place that is not random stands out far beyond this.
        for (var place = 0; place < SessionId.Length; place++)
        {
            var counts = ids.CountBy(id => id[place]).ToList();
            Assert.Equal(64, counts.Count);
            Assert.All(counts, c => Assert.InRange(c.Value, 60, 280));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA ")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n")]
    [InlineData("ÄAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_has_not_the_form_of_an_id_is_none(string? text) => Assert.False(SessionId.IsWellFormed(text));

    [Fact]
    public void No_text_of_a_session_shows_its_id()
    {
        var key = new SessionKey(new TenantId("acme"), SessionId.New());
        var claim = new SessionClaim(new(key.Tenant, "alice"), key.Id, SessionEra.Stateless);

        Assert.DoesNotContain(key.Id, $"{key}", StringComparison.Ordinal);
        Assert.DoesNotContain(key.Id, $"{claim}", StringComparison.Ordinal);
        Assert.DoesNotContain(key.Id, $"{new NewSession { Id = key.Id, Caller = claim.Caller, Era = claim.Era }}", StringComparison.Ordinal);
        Assert.Equal(12, SessionFingerprint.Of(key.Id).Length);
    }

    [Fact]
    public void Names_have_bounds()
    {
        var tenant = new TenantId(new string('t', TenantId.MaxLength));
        Assert.Equal(Caller.MaxOwnerLength, new Caller(tenant, new string('o', Caller.MaxOwnerLength)).Owner.Length);
        Assert.Throws<ArgumentException>(() => new TenantId(new string('t', TenantId.MaxLength + 1)));
        Assert.Throws<ArgumentException>(() => new TenantId(string.Empty));
        Assert.Throws<ArgumentException>(() => new Caller(tenant, new string('o', Caller.MaxOwnerLength + 1)));
        Assert.Throws<ArgumentException>(() => new Caller(tenant, string.Empty));
        Assert.Throws<ArgumentException>(() => new Caller(default, "alice"));
    }
}
