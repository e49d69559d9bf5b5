using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Connection;

/// <summary>Looks up a session that never was, the way that requests look up theirs, scripts, encryption and all.</summary>
internal sealed class StoreProbe(ISessionStore store)
{
    private static readonly string NeverWas = new('0', SessionId.Length);

    /// <summary>Looks it up once.</summary>
    /// <exception cref="SessionStoreUnavailableException">Redis did not answer in time, or with an error.</exception>
    public async Task RunAsync(CancellationToken cancellationToken) =>
        await store.TouchAsync(new SessionClaim(Caller.Anonymous, NeverWas, SessionEra.Handshake), cancellationToken);
}
