using Microsoft.Extensions.DependencyInjection;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class StoreUnavailableTests
{
    [Fact]
    public async Task A_store_that_does_not_answer_is_told_as_a_tool_error()
    {
        await using var host = await StatelessHost.StartAsync(
            o => o.SessionTools = true, server: mcp => mcp.Services.AddSingleton<ISessionStore, AbsentStore>());
        var client = host.Client(Person.AcmeAlice);

        foreach (var reply in new[]
        {
            await client.CallAsync("count"),
            await client.CallAsync("count", new() { ["session"] = SessionId.New() }),
            await client.CallAsync("list_sessions"),
            await client.CallAsync("close_session", new() { ["session"] = SessionId.New() }),
        })
        {
            Assert.True(reply.IsToolError);
            Assert.Equal("The session store is unavailable; try again.", reply.Text);
        }
    }

    private sealed class AbsentStore : ISessionStore
    {
        public ValueTask<SessionCreation> CreateAsync(NewSession session, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException("at redis:6379");

        public ValueTask<SessionRecord?> TouchAsync(SessionClaim claim, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException();

        public ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException();

        public ValueTask<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException();

        public ValueTask<IReadOnlyList<SessionRecord>> ListAsync(Caller caller, SessionEra era, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException();
    }
}
