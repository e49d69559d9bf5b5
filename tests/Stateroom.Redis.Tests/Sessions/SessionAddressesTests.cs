using Stateroom.Redis.Sessions;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Sessions;

/// <summary>What is remembered of a session's address is that of the claim, whoever used the session before.</summary>
public sealed class SessionAddressesTests
{
    private static readonly SessionClaim Alices = new(new(new TenantId("acme"), "alice"), SessionId.New(), SessionEra.Handshake);

    private readonly SessionAddresses _addresses = new(new("test"), new());

    [Fact]
    public void An_address_is_made_once() =>
        Assert.Same(_addresses.Of(Alices), _addresses.Of(new(new(new TenantId("acme"), "alice"), Alices.Id, SessionEra.Handshake)));

    [Fact]
    public void Of_one_id_everybody_has_an_address_of_its_own()
    {
        SessionClaim[] claims =
        [
            Alices,
            Alices with { Caller = new(new TenantId("acme"), "bob") },
            Alices with { Caller = new(new TenantId("globex"), "alice") },
            Alices with { Caller = Caller.Anonymous },
            Alices with { Caller = new(new TenantId("anonymous"), "anonymous") },
            Alices with { Era = SessionEra.Stateless },
        ];

        foreach (var claim in claims.Concat(claims))
        {
            var address = _addresses.Of(claim);
            Assert.Equal(RedisKeys.Tag(claim.Key), address.Tag);
            Assert.Equal(SessionFields.Who(claim.Caller, claim.Era), address.Who);
            Assert.All(address.Keys, key => Assert.Contains(address.Tag, (string)key!, StringComparison.Ordinal));
        }
    }
}
