using System.Text;
using StackExchange.Redis;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Redis.Sessions;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Sessions;

/// <summary>What lies in Redis.</summary>
public sealed class KeyspaceTests(RedisServer server) : IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => server.Configuration);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    [Fact]
    public async Task Every_key_has_an_end_of_its_own_and_no_key_shows_a_name()
    {
        var caller = new Caller(new TenantId("ten:{}*\r\nant"), "own:{}*\r\ner");
        var instance = _instances.Add(limits: new LimitOptions { RequestRatePerOwner = 1, RequestRatePerTenant = 1 });
        var backplane = instance.StartBackplane();
        await Eventually.TrueAsync(() => backplane.IsHearing);
        await Eventually.TrueAsync(async () => (await instance.Instances.ListInstancesAsync(Cancel)).Count == 1);
        for (var i = 0; i < 5; i++)
        {
            var claim = await OpenAsync(instance, caller, era: i < 3 ? SessionEra.Handshake : SessionEra.Stateless);
            var topic = new Topic(TopicKind.Resource, "weather://bern:{}*");
            await instance.Outbox.SubscribeAsync(claim.Key, topic, Cancel);
            await instance.Outbox.AppendAsync(claim.Key, StreamNames.General, OutboxItemKind.Message, "{}"u8.ToArray(), Cancel);
            await instance.Outbox.AppendAsync(claim.Key, "s", OutboxItemKind.Begin, "1"u8.ToArray(), Cancel);
            await instance.Outbox.AppendAsync(claim.Key, "s", OutboxItemKind.End, default, Cancel);
            await instance.Store.WriteStateAsync(claim, new("a", 0, "1"u8.ToArray()), Cancel);
            await instance.Store.TouchAsync(claim, Cancel);
            if (i % 2 == 0)
            {
                await instance.Store.EndAsync(claim, Cancel);
                await instance.Outbox.RemoveAsync(claim.Key, Cancel);
            }
        }

        using var call = (await instance.Admission.AdmitAsync(new(caller) { Messages = 20, Place = AdmissionPlace.Call, Count = 2 }, Cancel)).Lease;
        using var stream = (await instance.Admission.AdmitAsync(new(caller) { Place = AdmissionPlace.Stream, Count = 1 }, Cancel)).Lease;
        await instance.Admission.RenewAsync();
        await instance.Directory.ListTenantsAsync(null, 1, Cancel);

        var keys = await KeysAsync(instance, _instances.Prefix);

        // Two sessions of four keys, three tombstones, the sets of tenants and of those in order, of the tenant's two eras, owner, topic and its tenants, the instance and the set of instances; bucket, calls and streams of tenant and owner.
        Assert.Equal(26, keys.Count);
        Assert.All(keys, k => Assert.InRange(k.Life, TimeSpan.FromMilliseconds(1), new SessionOptions().IdleTimeout * 1.5));
        Assert.All(keys, k => Assert.Matches("^[A-Za-z0-9_:{}-]+$", k.Key.ToString()));
    }

    [Fact]
    public async Task A_session_is_in_its_tenants_set_of_its_era_and_in_no_other_until_it_ends()
    {
        var caller = new Caller(new TenantId("acme"), "alice");
        var instance = _instances.Add();
        var (handshake, stateless) = (await OpenAsync(instance, caller), await OpenAsync(instance, caller, era: SessionEra.Stateless));
        await HoldAsync([handshake.Id], [stateless.Id]);

        await _instances.AdvanceAsync(new SessionOptions().IdleTimeout * 0.6);
        foreach (var claim in (SessionClaim[])[handshake, stateless])
        {
            Assert.NotNull(await instance.Store.TouchAsync(claim, Cancel));
            await instance.Store.Renewal;
        }

        await HoldAsync([handshake.Id], [stateless.Id]);
        Assert.True(await instance.Store.EndAsync(stateless, Cancel));
        await HoldAsync([handshake.Id], []);
        Assert.True(await instance.Store.EndAsync(handshake, Cancel));
        await HoldAsync([], []);

        async Task HoldAsync(RedisValue[] inHandshake, RedisValue[] inStateless)
        {
            var database = (await instance.Connection.GetAsync()).GetDatabase();
            Assert.Equal(inHandshake, await database.SortedSetRangeByRankAsync(instance.Keys.TenantSessions(new(caller.Tenant), SessionEra.Handshake)));
            Assert.Equal(inStateless, await database.SortedSetRangeByRankAsync(instance.Keys.TenantSessions(new(caller.Tenant), SessionEra.Stateless)));
        }
    }

    [Fact]
    public async Task What_comes_for_a_session_long_after_its_end_lapses_by_itself()
    {
        var instance = _instances.Add();
        var session = new SessionKey(new TenantId("acme"), SessionId.New());
        await instance.Outbox.AppendAsync(session, StreamNames.General, OutboxItemKind.Message, "{}"u8.ToArray(), Cancel);
        await instance.Outbox.AppendAsync(session, "s", OutboxItemKind.Begin, "1"u8.ToArray(), Cancel);
        await instance.Outbox.SubscribeAsync(session, new Topic(TopicKind.Tools), Cancel);

        var keys = await KeysAsync(instance, _instances.Prefix);

        Assert.NotEmpty(keys);
        Assert.All(keys, k => Assert.InRange(k.Life, TimeSpan.FromMilliseconds(1), new SessionOptions().IdleTimeout * 1.5));
    }

    [Fact]
    public async Task A_stream_that_has_to_make_room_leaves_no_key()
    {
        var instance = _instances.Add(new SessionOptions { MaxStreams = 1, MaxOutboxBytes = 1024 });
        var session = new SessionKey(new TenantId("acme"), SessionId.New());
        foreach (var stream in new[] { "a", "b", "c" })
        {
            await instance.Outbox.AppendAsync(session, stream, OutboxItemKind.Begin, new byte[600], Cancel);
            await instance.Outbox.AppendAsync(session, stream, OutboxItemKind.End, default, Cancel);
        }

        // The belongings and the last stream.
        Assert.Equal(2, (await KeysAsync(instance, _instances.Prefix)).Count);
        await instance.Outbox.RemoveAsync(session, Cancel);
        Assert.Single(await KeysAsync(instance, _instances.Prefix));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1)]
    public async Task A_session_of_the_weather_server_stays_small(int sessionsAnOwner)
    {
        const int Sessions = 200;

        // As long as the default one.
        var prefix = SessionId.New()[..new RedisSessionOptions().KeyPrefix.Length];
        var instance = _instances.Add(configure: o => o.KeyPrefix = prefix);
        for (var i = 0; i < Sessions; i++)
        {
            var caller = new Caller(new TenantId("acme"), $"owner {i / sessionsAnOwner}");
            var claim = await OpenAsync(instance, caller, """{"v":"2025-11-25","name":"weather-client","version":"1.0.0","capabilities":{"elicitation":{"form":{}}}}""");
            await instance.Store.WriteStateAsync(claim, new("WeatherSession", 0, """{"preferredUnits":"Metric","toolCallCount":12,"places":{}}"""u8.ToArray()), Cancel);
        }

        long bytes = 0;
        var database = (await instance.Connection.GetAsync()).GetDatabase();
        foreach (var (key, _) in await KeysAsync(instance, prefix))
        {
            bytes += (long)await database.ExecuteAsync("MEMORY", ["USAGE", key, "SAMPLES", "0"]);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes / Sessions} bytes a session where an owner has {sessionsAnOwner}");
        Assert.InRange(bytes / Sessions, 1, 700);
    }

    [Fact]
    public async Task A_session_that_a_newer_version_wrote_is_refused_to_its_owner_with_a_reason_and_not_found_by_others()
    {
        var (alice, bob) = (new Caller(new TenantId("acme"), "alice"), new Caller(new TenantId("acme"), "bob"));
        var instance = _instances.Add();
        var claim = await OpenAsync(instance, alice);
        var database = (await instance.Connection.GetAsync()).GetDatabase();
        var key = instance.Keys.Session(RedisKeys.Tag(claim.Key));
        await database.StringSetRangeAsync(key, SessionTimes.Size, new byte[] { SessionFields.Format + 1 });

        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await instance.Store.TouchAsync(claim, Cancel));
        Assert.Contains("newer version", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await instance.Store.WriteStateAsync(claim, new("a", 0, "1"u8.ToArray()), Cancel));
        Assert.Null(await instance.Store.TouchAsync(claim with { Caller = bob }, Cancel));
    }

    [Theory]
    [InlineData(30)]
    [InlineData(100)]
    [InlineData(1_000)]
    public async Task What_belongs_to_a_session_outlives_it_however_often_it_is_used(int seconds)
    {
        var options = new SessionOptions { IdleTimeout = TimeSpan.FromMinutes(20), StreamRetention = TimeSpan.FromMinutes(5) };
        var instance = _instances.Add(options);
        var claim = await OpenAsync(instance, new(new TenantId("acme"), "alice"));
        await instance.Outbox.AppendAsync(claim.Key, StreamNames.General, OutboxItemKind.Message, "{}"u8.ToArray(), Cancel);
        var database = (await instance.Connection.GetAsync()).GetDatabase();
        var tag = RedisKeys.Tag(claim.Key);
        var written = 0L;
        for (var use = 0; use < 20; use++)
        {
            await _instances.AdvanceAsync(TimeSpan.FromSeconds(seconds));
            if (use % 2 == 0)
            {
                Assert.NotNull(await instance.Store.TouchAsync(claim, Cancel));
            }
            else
            {
                var result = await instance.Store.WriteStateAsync(claim, new("a", written, "1"u8.ToArray()), Cancel);
                Assert.Equal(StateWriteStatus.Written, result.Status);
                written = result.Entry!.Version;
            }

            // Redis's own clock stands still beside the one that the scripts go by.
            var until = await database.KeyExpireTimeAsync(instance.Keys.Session(tag));
            Assert.NotNull(until);
            Assert.True(await database.KeyExpireTimeAsync(instance.Keys.Belongings(tag)) >= until + (options.StreamRetention / 2));
            Assert.True(await database.KeyExpireTimeAsync(instance.Keys.Stream(tag, StreamNames.General)) >= until + (options.StreamRetention / 2));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a{b")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    public void A_prefix_that_could_move_or_split_a_key_is_refused(string prefix) =>
        Assert.True(new RedisSessionOptionsValidator().Validate(null, new() { Configuration = "127.0.0.1", KeyPrefix = prefix }).Failed);

    /// <summary>With other hashes all sessions would be gone. These were computed apart from the program.</summary>
    [Fact]
    public void Names_have_the_hashes_that_the_format_says()
    {
        Assert.Equal("O6sTM5mMDalOB83JfRQYQQ", RedisKeys.TrafficTag(new("acme"), anonymous: false));
        Assert.Equal("mNpJ13xBMKN-38j4bNwUgQ", RedisKeys.TrafficTag(new(new string('n', 256)), anonymous: false));
        Assert.Equal("-ydsHgqqEk3iK8UMtGpxTw", RedisKeys.Tag(new(new("acme"), new string('i', 22))));
    }

    [Fact]
    public void Texts_that_UTF_8_cannot_hold_keep_their_difference()
    {
        string[] texts = ["", "a", "\ud800", "\ud801", "\ufffd", "\ud83d\udea2", "\u00ff"];

        Assert.Equal(texts, texts.Select(t => LosslessText.Decode(LosslessText.Encode(t))));
    }

    private static async Task<SessionClaim> OpenAsync(RedisInstance instance, Caller caller, string client = "", SessionEra era = SessionEra.Handshake)
    {
        var creation = await instance.Store.CreateAsync(new() { Caller = caller, Era = era, Client = Encoding.UTF8.GetBytes(client) }, Cancel);
        return new(caller, creation.Session!.Key.Id, era);
    }

    private static async Task<List<(RedisKey Key, TimeSpan Life)>> KeysAsync(RedisInstance instance, string prefix)
    {
        var multiplexer = await instance.Connection.GetAsync();
        var keys = new List<(RedisKey, TimeSpan)>();
        await foreach (var key in multiplexer.GetServers()[0].KeysAsync(pattern: $"{prefix}:*"))
        {
            keys.Add((key, await multiplexer.GetDatabase().KeyTimeToLiveAsync(key) ?? TimeSpan.Zero));
        }

        return keys;
    }
}
