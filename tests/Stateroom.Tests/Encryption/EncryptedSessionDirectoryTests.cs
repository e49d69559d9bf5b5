using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.Administration;
using Stateroom.Encryption;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Encryption;

/// <summary>Administration sees what clients said of themselves although it is stored encrypted, and loses no session over what cannot be read.</summary>
public sealed class EncryptedSessionDirectoryTests
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");
    private static readonly Caller Bob = new(new TenantId("acme"), "bob");

    private readonly InMemorySessionStore _inner;
    private readonly InMemorySessionDirectory _directory;
    private readonly EphemeralDataProtectionProvider _keys = new();

    public EncryptedSessionDirectoryTests()
    {
        var (options, time) = (Options.Create(new SessionOptions()), new FakeTimeProvider());
        _inner = new(options, time);
        _directory = new(_inner, new InMemorySessionOutbox(options, time), new InMemoryStreamReaders());
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_is_shown_as_it_was_stored_and_is_stored_encrypted()
    {
        await OpenAsync(Alice, "alice's");
        await OpenAsync(Bob, "bob's");
        await OpenAsync(Caller.Anonymous, "nobody's");

        Assert.All((await _directory.ListSessionsAsync(Of(TenantRooms.Of(Alice)), Cancel)).Sessions, session => Assert.True(SealedContent.IsSealed(session.Client.Span)));
        var shown = (await Directory().ListSessionsAsync(Of(TenantRooms.Of(Alice)), Cancel)).Sessions;
        Assert.Equal(["alice: alice's", "bob: bob's"], shown.Select(Text).Order());
        Assert.Equal("anonymous: nobody's", Text(Assert.Single((await Directory().ListSessionsAsync(Of(TenantRooms.Anonymous), Cancel)).Sessions)));
    }

    [Fact]
    public async Task Tenants_counts_and_pages_are_those_of_the_store()
    {
        for (var i = 0; i < 3; i++)
        {
            await OpenAsync(Alice, "client");
        }

        var directory = Directory();
        Assert.Equal(new SessionCount(3, 0), await directory.CountSessionsAsync(TenantRooms.Of(Alice), Cancel));
        Assert.Equal(new TenantSummary(TenantRooms.Of(Alice), new(3, 0)), Assert.Single((await directory.ListTenantsAsync(null, 10, Cancel)).Tenants));
        var first = await directory.ListSessionsAsync(Of(TenantRooms.Of(Alice)) with { Limit = 2 }, Cancel);
        var second = await directory.ListSessionsAsync(Of(TenantRooms.Of(Alice)) with { Limit = 2, After = first.Next }, Cancel);
        Assert.Null(second.Next);
        Assert.Equal(3, first.Sessions.Concat(second.Sessions).DistinctBy(session => session.Key.Id).Count());
    }

    [Fact]
    public async Task What_cannot_be_read_is_left_out_and_the_session_is_there_all_the_same()
    {
        var encrypted = await OpenAsync(Alice, "client");
        var plain = (await _inner.CreateAsync(new() { Caller = Alice, Era = SessionEra.Handshake, Client = Encoding.UTF8.GetBytes("plain") }, Cancel)).Session!.Key.Id;

        // Other keys than those that it was sealed with; and, where that is refused, what was never sealed.
        var shown = (await Directory(new EphemeralDataProtectionProvider()).ListSessionsAsync(Of(TenantRooms.Of(Alice)), Cancel)).Sessions;
        Assert.Equal(((string[])[encrypted, plain]).Order(), shown.Select(session => session.Key.Id).Order());
        Assert.All(shown, session => Assert.True(session.Client.IsEmpty));
    }

    private EncryptedSessionDirectory Directory(IDataProtectionProvider? keys = null) => new(_directory, Protector.New(provider: keys ?? _keys));

    private static SessionQuery Of(TenantRooms tenant) => new() { Tenant = tenant, Limit = 10 };

    private static string Text(SessionSummary session) => $"{session.Caller.Owner}: {Encoding.UTF8.GetString(session.Client.Span)}";

    private async Task<string> OpenAsync(Caller caller, string client)
    {
        var store = new EncryptedSessionStore(_inner, Protector.New(provider: _keys));
        return (await store.CreateAsync(new() { Caller = caller, Era = SessionEra.Handshake, Client = Encoding.UTF8.GetBytes(client) }, Cancel)).Session!.Key.Id;
    }
}
