using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.Encryption;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Encryption;

/// <summary>What is encrypted opens in its own place only, and what does not open ends quietly.</summary>
public sealed class EncryptedSessionStoreTests
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");
    private static readonly Caller Bob = new(new TenantId("acme"), "bob");
    private static readonly EncryptionOptions On = new() { EncryptAtRest = true };

    private readonly InMemorySessionStore _inner = new(Options.Create(new SessionOptions { MaxStateBytes = 1024 }), new FakeTimeProvider());
    private readonly InMemorySessionOutbox _outbox = new(Options.Create(new SessionOptions()), new FakeTimeProvider());
    private readonly EphemeralDataProtectionProvider _keys = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EncryptedSessionStore Store(EncryptionOptions? options = null, IDataProtectionProvider? keys = null) => new(_inner, Protector.New(options ?? On, keys ?? _keys));

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static async Task<SessionClaim> OpenAsync(EncryptedSessionStore store, Caller caller)
    {
        var creation = await store.CreateAsync(new() { Caller = caller, Era = SessionEra.Handshake, Client = Bytes("client"), State = [new("a", Bytes("1")), new("b", Bytes("2"))] }, Cancel);
        return new(caller, creation.Session!.Key.Id, SessionEra.Handshake);
    }

    private async Task<ReadOnlyMemory<byte>> StoredAsync(SessionClaim claim, string entry) => (await _inner.TouchAsync(claim, Cancel))!.FindState(entry).Data;

    /// <summary>Writes past the encryption, as somebody does who has the store's password.</summary>
    private async Task ForgeAsync(SessionClaim claim, string entry, ReadOnlyMemory<byte> data)
    {
        var version = (await _inner.TouchAsync(claim, Cancel))!.FindState(entry).Version;
        Assert.Equal(StateWriteStatus.Written, (await _inner.WriteStateAsync(claim, new(entry, version, data), Cancel)).Status);
    }

    [Fact]
    public async Task A_session_is_stored_encrypted_and_read_as_it_was_written()
    {
        var claim = await OpenAsync(Store(), Alice);

        var stored = (await _inner.TouchAsync(claim, Cancel))!;
        Assert.All(stored.State.Select(e => e.Data).Append(stored.Client), data => Assert.True(SealedContent.IsSealed(data.Span)));
        var session = (await Store().TouchAsync(claim, Cancel))!;
        Assert.Equal(("client", "1", "2"), (Text(session.Client), Text(session.FindState("a").Data), Text(session.FindState("b").Data)));
        Assert.Equal("client", Text(Assert.Single(await Store().ListAsync(Alice, SessionEra.Handshake, Cancel)).Client));
    }

    [Fact]
    public async Task What_was_copied_from_another_entry_session_owner_or_tenant_does_not_open()
    {
        var store = Store();
        var victim = await OpenAsync(store, Alice);
        foreach (var thief in (Caller[])[Alice, Bob, new(new TenantId("globex"), "alice"), Caller.Anonymous])
        {
            var claim = await OpenAsync(store, thief);
            await ForgeAsync(claim, "a", await StoredAsync(victim, "a"));
            Assert.Null(await store.TouchAsync(claim, Cancel));
            Assert.Equal(StateWriteStatus.NotFound, (await store.WriteStateAsync(claim, new("a", 99, Bytes("3")), Cancel)).Status);
        }

        var own = await OpenAsync(store, Alice);
        await ForgeAsync(own, "a", await StoredAsync(own, "b"));
        Assert.Null(await store.TouchAsync(own, Cancel));
        Assert.NotNull(await store.TouchAsync(victim, Cancel));
    }

    [Fact]
    public async Task What_was_altered_does_not_open_and_a_false_size_is_noticed()
    {
        foreach (var position in (int[])[3, SealedContent.HeaderSize + 1, SealedContent.HeaderSize + 30])
        {
            var claim = await OpenAsync(Store(), Alice);
            var data = (await StoredAsync(claim, "a")).ToArray();
            data[position] ^= 4;
            await ForgeAsync(claim, "a", data);
            Assert.Null(await Store().TouchAsync(claim, Cancel));
        }
    }

    [Fact]
    public async Task Without_the_key_a_session_is_not_found_and_is_left_as_it_is()
    {
        var claim = await OpenAsync(Store(), Alice);
        var stranger = Store(keys: new EphemeralDataProtectionProvider());

        Assert.Null(await stranger.TouchAsync(claim, Cancel));
        Assert.Empty(await stranger.ListAsync(Alice, SessionEra.Handshake, Cancel));
        Assert.NotNull(await Store().TouchAsync(claim, Cancel));
    }

    [Fact]
    public async Task What_was_plain_is_read_and_encrypted_with_its_next_write()
    {
        var claim = await OpenAsync(Store(new()), Alice);
        Assert.False(SealedContent.IsSealed((await StoredAsync(claim, "a")).Span));

        var entry = (await Store().TouchAsync(claim, Cancel))!.FindState("a");
        Assert.Equal("1", Text(entry.Data));
        await Store().WriteStateAsync(claim, new("a", entry.Version, Bytes("3")), Cancel);

        Assert.True(SealedContent.IsSealed((await StoredAsync(claim, "a")).Span));
        Assert.False(SealedContent.IsSealed((await StoredAsync(claim, "b")).Span));

        // An instance of which the option is off still reads what the others have encrypted.
        Assert.Equal("3", Text((await Store(new()).TouchAsync(claim, Cancel))!.FindState("a").Data));
    }

    [Fact]
    public async Task What_is_plain_is_refused_where_the_options_say_so()
    {
        var claim = await OpenAsync(Store(new()), Alice);

        Assert.Null(await Store(new() { EncryptAtRest = true, RefuseUnencrypted = true }).TouchAsync(claim, Cancel));
    }

    [Fact]
    public async Task A_limit_names_the_size_that_was_written()
    {
        var claim = await OpenAsync(Store(), Alice);

        var refused = await Store().WriteStateAsync(claim, new("c", 0, new byte[1023]), Cancel);
        Assert.Equal(new(StateWriteStatus.TooLarge, StateBytes: 1025, MaxStateBytes: 1024), refused);
        Assert.Equal(StateWriteStatus.Written, (await Store().WriteStateAsync(claim, new("c", 0, new byte[1022]), Cancel)).Status);
    }

    [Fact]
    public async Task Keys_that_cannot_be_reached_are_an_outage_and_nothing_is_written_in_plain_text()
    {
        var claim = await OpenAsync(Store(), Alice);
        var store = Store(keys: new UnreachableKeys());

        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await store.TouchAsync(claim, Cancel));
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await store.WriteStateAsync(claim, new("c", 0, Bytes("3")), Cancel));
        Assert.False((await _inner.TouchAsync(claim, Cancel))!.FindState("c").Exists);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_shows_as_a_gap()
    {
        var session = new SessionKey(Alice.Tenant, SessionId.New());
        var outbox = new EncryptedSessionOutbox(_outbox, Protector.New(On, _keys));
        foreach (var text in (string[])["one", "two", "three"])
        {
            await outbox.AppendAsync(session, StreamNames.General, OutboxItemKind.Message, Bytes(text), Cancel);
            if (text == "one")
            {
                // From another stream of the same session.
                await outbox.AppendAsync(session, "s", OutboxItemKind.Begin, Bytes("1"), Cancel);
                var foreign = (await _outbox.ReadAsync(session, "s", 0, Cancel)).Items[0].Data;
                await _outbox.AppendAsync(session, StreamNames.General, OutboxItemKind.Message, foreign, Cancel);
            }
        }

        var page = await outbox.ReadAsync(session, StreamNames.General, 0, Cancel);
        Assert.Equal(["one", "two", "three"], page.Items.Select(i => Text(i.Data)));
        Assert.True(page.Trimmed);
        Assert.False((await outbox.ReadAsync(session, StreamNames.General, 2, Cancel)).Trimmed);
    }

    /// <summary>As Data Protection fails whose ring lies in a Redis that does not answer.</summary>
    private sealed class UnreachableKeys : IDataProtectionProvider, IDataProtector
    {
        public IDataProtector CreateProtector(string purpose) => this;

        public byte[] Protect(byte[] plaintext) => throw Failure();

        public byte[] Unprotect(byte[] protectedData) => throw Failure();

        private static System.Security.Cryptography.CryptographicException Failure() => new("The operation failed.", new SessionStoreUnavailableException());
    }
}
