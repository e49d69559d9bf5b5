using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Encryption;
using Stateroom.Messaging;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Encryption;

/// <summary>Where the keys lie, and what becomes of sessions when they change. Each host stands for an instance, or for one that was started anew.</summary>
public sealed class KeyRingTests(RedisServer server) : IAsyncLifetime
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");

    private readonly string _prefix = $"test:{SessionId.New()}";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stateroom-keys-");
    private readonly X509Certificate2 _certificate = NewCertificate();
    private readonly X509Certificate2 _newer = NewCertificate();
    private readonly List<IHost> _hosts = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync()
    {
        _hosts.ForEach(h => h.Dispose());
        _certificate.Dispose();
        _newer.Dispose();
        _folder.Delete(recursive: true);
        return default;
    }

    [Fact]
    public async Task Encryption_whose_keys_would_lie_beside_it_in_plain_text_is_refused()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(_ => { }));

        Assert.Contains("Stateroom:KeyRing:Certificate", Assert.Single(fault.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_is_read_at_another_instance_with_the_keys_of_a_folder()
    {
        var claim = await OpenAsync(await StartAsync(InFolder), "folder");

        Assert.Equal("folder", await ReadAsync(await StartAsync(InFolder), claim));
        Assert.NotEmpty(_folder.GetFiles("key-*.xml"));
    }

    [Fact]
    public async Task Keys_in_Redis_are_protected_by_the_certificate()
    {
        var claim = await OpenAsync(await StartAsync(With(_certificate)), "certificate");

        Assert.Equal("certificate", await ReadAsync(await StartAsync(With(_certificate)), claim));
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var ring = string.Concat(await redis.GetDatabase().ListRangeAsync($"{_prefix}:1:d"));
        Assert.Contains("EncryptedKey", ring, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", ring, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_outlives_the_change_of_the_certificate_where_the_old_one_still_unprotects()
    {
        var claim = await OpenAsync(await StartAsync(With(_certificate)), "old");
        var changed = await StartAsync(With(_newer, _certificate));
        NewKey(changed);

        Assert.Equal("old", await ReadAsync(changed, claim));
        var newer = await OpenAsync(await StartAsync(With(_newer, _certificate)), "new");
        Assert.Equal("new", await ReadAsync(await StartAsync(With(_newer)), newer));
    }

    [Fact]
    public async Task What_was_written_under_an_old_key_stays_readable_and_is_written_under_the_new_one()
    {
        var claim = await OpenAsync(await StartAsync(InFolder), "first");
        var before = KeyOf(await StoredAsync(claim));
        NewKey(await StartAsync(InFolder));

        var rotated = await StartAsync(InFolder);
        Assert.Equal("first", await ReadAsync(rotated, claim));
        await WriteAsync(rotated, claim, "second");

        Assert.NotEqual(before, KeyOf(await StoredAsync(claim)));
        Assert.Equal("second", await ReadAsync(await StartAsync(InFolder), claim));
    }

    [Fact]
    public async Task A_session_of_a_revoked_key_is_not_found_and_a_new_one_can_be_opened()
    {
        var first = await StartAsync(InFolder);
        var claim = await OpenAsync(first, "revoked");
        var keys = first.Services.GetRequiredService<IKeyManager>();
        keys.RevokeAllKeys(DateTimeOffset.UtcNow, "a test");

        var later = await StartAsync(InFolder);
        Assert.Null(await ReadAsync(later, claim));
        Assert.Equal("next", await ReadAsync(later, await OpenAsync(later, "next")));
    }

    [Fact]
    public async Task A_session_whose_key_is_lost_is_not_found()
    {
        var claim = await OpenAsync(await StartAsync(InFolder), "lost");
        foreach (var file in _folder.GetFiles())
        {
            file.Delete();
        }

        Assert.Null(await ReadAsync(await StartAsync(InFolder), claim));
    }

    [Fact]
    public async Task Without_the_certificate_a_session_is_not_found_and_with_it_again()
    {
        var claim = await OpenAsync(await StartAsync(With(_certificate)), "hidden");

        Assert.Null(await ReadAsync(await StartAsync(With(_newer)), claim));
        Assert.Equal("hidden", await ReadAsync(await StartAsync(With(_certificate)), claim));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_value_in_Redis_holds_what_was_said_unless_encryption_is_off(bool encrypted)
    {
        const string Marker = "marker-that-nobody-else-writes";
        var caller = new Caller(new TenantId("acme"), "owner");
        var host = await StartAsync(With(_certificate), encrypted);
        var (store, outbox, backplane) = (host.Services.GetRequiredService<ISessionStore>(), host.Services.GetRequiredService<ISessionOutbox>(), host.Services.GetRequiredService<ISessionBackplane>());
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.Configuration);
        var heard = new ConcurrentBag<string>();
        await redis.GetSubscriber().SubscribeAsync(RedisChannel.Pattern($"{_prefix}*"), (_, message) => heard.Add(Encoding.Latin1.GetString((byte[])message!)));

        var creation = await store.CreateAsync(
            new() { Caller = caller, Era = SessionEra.Handshake, Client = Bytes(Marker), State = [new("a", Bytes(Marker))] }, Cancel);
        var claim = new SessionClaim(caller, creation.Session!.Key.Id, SessionEra.Handshake);
        Assert.Equal(StateWriteStatus.Written, (await store.WriteStateAsync(claim, new("b", 0, Bytes(Marker)), Cancel)).Status);
        await outbox.AppendAsync(claim.Key, StreamNames.General, OutboxItemKind.Message, Bytes($$"""{"method":"{{Marker}}"}"""), Cancel);
        await outbox.AppendAsync(claim.Key, "s", OutboxItemKind.Begin, Bytes($"\"{Marker}\""), Cancel);
        await outbox.AppendAsync(claim.Key, "s", OutboxItemKind.Message, Bytes($$"""{"id":"{{Marker}}"}"""), Cancel);
        await backplane.PublishAsync(new SessionSignal.Answer(claim.Key, "elsewhere", "question", Bytes(Marker)), Cancel);

        await Eventually.TrueAsync(() => heard.Any(m => m.Contains("question", StringComparison.Ordinal)));
        var values = await DumpAsync(redis);
        Assert.True(values.Count > 10);

        // What the client said of itself, two entries, three messages and the answer.
        Assert.Equal(encrypted ? 0 : 7, values.Concat(heard).Sum(value => value.Split(Marker).Length - 1));

        // It is there to be found by whoever may.
        Assert.Equal(Marker, Encoding.UTF8.GetString((await store.TouchAsync(claim, Cancel))!.Client.Span));
        Assert.Equal(2, (await outbox.ReadAsync(claim.Key, "s", 0, Cancel)).Items.Count(i => Encoding.UTF8.GetString(i.Data.Span).Contains(Marker, StringComparison.Ordinal)));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=stateroom test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private void InFolder(IDataProtectionBuilder builder) => builder.PersistKeysToFileSystem(_folder).SetApplicationName("test");

    private static Action<IDataProtectionBuilder> With(X509Certificate2 certificate, params X509Certificate2[] older) =>
        builder => builder.ProtectKeysWithCertificate(certificate).UnprotectKeysWithAnyCertificate([certificate, .. older]);

    private async Task<IHost> StartAsync(Action<IDataProtectionBuilder> protect, bool encrypted = true)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        protect(builder.Services.AddDataProtection());
        builder.Services.AddStateroom();
        builder.Services.AddStateroomRedis(o => (o.Configuration, o.KeyPrefix, o.CallTimeout) = (server.Configuration, _prefix, TimeSpan.FromSeconds(20)));
        builder.Services.Configure<EncryptionOptions>(o => o.EncryptAtRest = encrypted);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(Cancel);
        return host;
    }

    /// <summary>Makes a key that is the default from now on, for instances that start from now on.</summary>
    private static void NewKey(IHost host) =>
        host.Services.GetRequiredService<IKeyManager>().CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90));

    private static async Task<SessionClaim> OpenAsync(IHost host, string text)
    {
        var creation = await host.Services.GetRequiredService<ISessionStore>().CreateAsync(
            new() { Caller = Alice, Era = SessionEra.Handshake, State = [new("a", Bytes(text))] }, Cancel);
        return new(Alice, creation.Session!.Key.Id, SessionEra.Handshake);
    }

    private static async Task<string?> ReadAsync(IHost host, SessionClaim claim) =>
        await host.Services.GetRequiredService<ISessionStore>().TouchAsync(claim, Cancel) is { } session ? Encoding.UTF8.GetString(session.FindState("a").Data.Span) : null;

    private static async Task WriteAsync(IHost host, SessionClaim claim, string text)
    {
        var store = host.Services.GetRequiredService<ISessionStore>();
        var version = (await store.TouchAsync(claim, Cancel))!.FindState("a").Version;
        Assert.Equal(StateWriteStatus.Written, (await store.WriteStateAsync(claim, new("a", version, Bytes(text)), Cancel)).Status);
    }

    private async Task<ReadOnlyMemory<byte>> StoredAsync(SessionClaim claim)
    {
        await using var instance = new RedisInstance(server.Configuration, _prefix, new SessionOptions());
        return (await instance.Store.TouchAsync(claim, Cancel))!.FindState("a").Data;
    }

    /// <summary>The id of the key, which Data Protection writes after the first four bytes.</summary>
    private static Guid KeyOf(ReadOnlyMemory<byte> stored) => new(stored.Span.Slice(SealedContent.HeaderSize + 4, 16));

    /// <summary>Everything that Redis holds, as text: names and values of every type.</summary>
    private async Task<List<string>> DumpAsync(ConnectionMultiplexer redis)
    {
        var database = redis.GetDatabase();
        var all = new List<string>();
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: $"{_prefix}*"))
        {
            all.Add(key.ToString());
            RedisValue[] values = await database.KeyTypeAsync(key) switch
            {
                RedisType.Hash => [.. (await database.HashGetAllAsync(key)).SelectMany(e => (RedisValue[])[e.Name, e.Value])],
                RedisType.String => [await database.StringGetAsync(key)],
                RedisType.List => await database.ListRangeAsync(key),
                RedisType.Set => await database.SetMembersAsync(key),
                RedisType.SortedSet => await database.SortedSetRangeByRankAsync(key),
                var other => throw new InvalidOperationException($"Nobody knows how to read {other}."),
            };
            all.AddRange(values.Select(v => Encoding.Latin1.GetString((byte[])v!)));
        }

        return all;
    }
}
