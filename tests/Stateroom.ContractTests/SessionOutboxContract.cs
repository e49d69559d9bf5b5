using System.Text;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.ContractTests;

/// <summary>What every outbox holds. A backend's tests inherit this and say how to make an outbox and how to let its time pass.</summary>
public abstract class SessionOutboxContract
{
    private const string Response = """{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""";
    private const string Error = """{"jsonrpc":"2.0","error":{"code":1,"message":"method"},"id":1}""";
    private const string Notification = """{"jsonrpc":"2.0","method":"notifications/progress","params":{"result":1}}""";

    private const string General = StreamNames.General;

    private readonly SessionKey _session = new(new TenantId("acme"), SessionId.New());
    private readonly SessionKey _other = new(new TenantId("acme"), SessionId.New());
    private readonly SessionKey _globex = new(new TenantId("globex"), SessionId.New());

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Small limits: 4 messages or 1,024 bytes a stream, 5 minutes for one that has ended.</summary>
    protected static SessionOptions SmallLimits => new() { MaxOutboxMessages = 4, MaxOutboxBytes = 1024, StreamRetention = TimeSpan.FromMinutes(5) };

    /// <summary>Makes an empty outbox.</summary>
    protected abstract ISessionOutbox CreateOutbox(SessionOptions options);

    /// <summary>Lets the outbox's time pass.</summary>
    protected abstract Task AdvanceAsync(TimeSpan time);

    private static ValueTask<long> AppendAsync(ISessionOutbox outbox, SessionKey session, string stream, string data, OutboxItemKind kind = OutboxItemKind.Message) =>
        outbox.AppendAsync(session, stream, kind, Encoding.UTF8.GetBytes(data), Cancel);

    private static ValueTask<long> BeginAsync(ISessionOutbox outbox, SessionKey session, string stream) =>
        AppendAsync(outbox, session, stream, "1", OutboxItemKind.Begin);

    private static ValueTask<long> EndAsync(ISessionOutbox outbox, SessionKey session, string stream) =>
        AppendAsync(outbox, session, stream, string.Empty, OutboxItemKind.End);

    private static async Task<OutboxPage> ReadAsync(ISessionOutbox outbox, SessionKey session, string stream, long after = 0) =>
        await outbox.ReadAsync(session, stream, after, Cancel);

    private static IEnumerable<string> Texts(OutboxPage page) => page.Items.Select(i => Encoding.UTF8.GetString(i.Data.Span));

    [Fact]
    public async Task A_question_that_waits_for_its_answer_is_never_trimmed_away()
    {
        const string Question = """{"method":"elicitation/create","params":{},"id":"q","jsonrpc":"2.0"}""";
        var outbox = CreateOutbox(SmallLimits);
        await BeginAsync(outbox, _session, "s");
        await AppendAsync(outbox, _session, "s", Question);
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync(outbox, _session, "s", Notification);
        }

        Assert.Equal(["1", Question], Texts(await ReadAsync(outbox, _session, "s")).Take(2));
    }

    [Fact]
    public async Task The_beginning_of_a_stream_is_never_trimmed_away()
    {
        var outbox = CreateOutbox(SmallLimits);
        await BeginAsync(outbox, _session, "s");
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync(outbox, _session, "s", Notification);
        }

        var first = (await ReadAsync(outbox, _session, "s")).Items[0];
        Assert.Equal((1, OutboxItemKind.Begin), (first.Position, first.Kind));
    }

    [Fact]
    public async Task What_was_handed_over_is_remembered_and_never_goes_back()
    {
        var outbox = CreateOutbox(SmallLimits);
        await outbox.MarkDeliveredAsync(_session, General, 7, Cancel);
        Assert.False((await ReadAsync(outbox, _session, General)).Exists);

        await AppendAsync(outbox, _session, General, "a");
        await AppendAsync(outbox, _session, General, "b");
        Assert.Equal(0, (await ReadAsync(outbox, _session, General)).Delivered);
        await outbox.MarkDeliveredAsync(_session, General, 2, Cancel);
        await outbox.MarkDeliveredAsync(_session, General, 1, Cancel);
        Assert.Equal(2, (await ReadAsync(outbox, _session, General)).Delivered);
    }

    [Fact]
    public async Task Items_are_read_in_order_after_a_position()
    {
        var outbox = CreateOutbox(SmallLimits);
        Assert.Equal(1, await AppendAsync(outbox, _session, General, "a"));
        Assert.Equal(2, await AppendAsync(outbox, _session, General, "3000", OutboxItemKind.Pause));
        Assert.Equal(3, await AppendAsync(outbox, _session, General, "b"));
        Assert.Equal(4, await EndAsync(outbox, _session, General));

        var page = await ReadAsync(outbox, _session, General);
        Assert.True(page.Exists);
        Assert.False(page.Trimmed);
        Assert.Equal([1L, 2L, 3L, 4L], page.Items.Select(i => i.Position));
        Assert.Equal([OutboxItemKind.Message, OutboxItemKind.Pause, OutboxItemKind.Message, OutboxItemKind.End], page.Items.Select(i => i.Kind));
        Assert.Equal(["a", "3000", "b", ""], Texts(page));

        Assert.Equal(["b", ""], Texts(await ReadAsync(outbox, _session, General, 2)));
        var caughtUp = await ReadAsync(outbox, _session, General, 4);
        Assert.True(caughtUp.Exists);
        Assert.Empty(caughtUp.Items);
    }

    [Fact]
    public async Task A_stream_begins_with_its_first_item_and_streams_do_not_mix()
    {
        var outbox = CreateOutbox(SmallLimits);
        Assert.False((await ReadAsync(outbox, _session, General)).Exists);
        await BeginAsync(outbox, _session, "s");
        await BeginAsync(outbox, _session, "S");
        await AppendAsync(outbox, _session, General, "general");
        await AppendAsync(outbox, _session, "s", "mine");
        await AppendAsync(outbox, _session, "S", "upper");
        await BeginAsync(outbox, _other, "s");

        Assert.Equal(["general"], Texts(await ReadAsync(outbox, _session, General)));
        Assert.Equal(["1", "mine"], Texts(await ReadAsync(outbox, _session, "s")));
        Assert.Equal(["1", "upper"], Texts(await ReadAsync(outbox, _session, "S")));
        Assert.Equal(["1"], Texts(await ReadAsync(outbox, _other, "s")));
        Assert.False((await ReadAsync(outbox, _globex with { Id = _session.Id }, "s")).Exists);
    }

    [Fact]
    public async Task A_full_stream_loses_its_oldest_item_and_tells_a_reader_behind_it()
    {
        var outbox = CreateOutbox(SmallLimits);
        for (var i = 1; i <= 6; i++)
        {
            await AppendAsync(outbox, _session, General, $"{i}");
        }

        var behind = await ReadAsync(outbox, _session, General, 1);
        Assert.Equal(["3", "4", "5", "6"], Texts(behind));
        Assert.True(behind.Trimmed);
        Assert.False((await ReadAsync(outbox, _session, General, 2)).Trimmed);
    }

    [Fact]
    public async Task Bytes_are_bounded_too_but_the_newest_item_is_kept()
    {
        var outbox = CreateOutbox(SmallLimits);
        await AppendAsync(outbox, _session, General, new string('a', 500));
        await AppendAsync(outbox, _session, General, new string('b', 500));
        Assert.Equal(2, (await ReadAsync(outbox, _session, General)).Items.Count);
        await AppendAsync(outbox, _session, General, new string('c', 25));
        Assert.Equal([2L, 3L], (await ReadAsync(outbox, _session, General)).Items.Select(i => i.Position));

        await AppendAsync(outbox, _session, General, new string('d', 5000));
        var page = await ReadAsync(outbox, _session, General, 3);
        Assert.Equal([4L], page.Items.Select(i => i.Position));
        Assert.False(page.Trimmed);
    }

    [Theory]
    [InlineData(Response)]
    [InlineData(Error)]
    public async Task A_response_and_the_end_are_never_trimmed(string response)
    {
        var outbox = CreateOutbox(SmallLimits);
        await AppendAsync(outbox, _session, General, Notification);
        await AppendAsync(outbox, _session, General, response);
        for (var i = 0; i < 6; i++)
        {
            await AppendAsync(outbox, _session, General, Notification);
        }

        await AppendAsync(outbox, _session, General, new string(' ', 2000) + response);
        await EndAsync(outbox, _session, General);

        var page = await ReadAsync(outbox, _session, General);
        Assert.Equal([2L, 9L, 10L], page.Items.Select(i => i.Position));
        Assert.Equal(OutboxItemKind.End, page.Items[^1].Kind);
        Assert.True(page.Trimmed);
        Assert.True((await ReadAsync(outbox, _session, General, 7)).Trimmed);
        Assert.False((await ReadAsync(outbox, _session, General, 8)).Trimmed);
    }

    [Fact]
    public async Task Nothing_follows_the_end()
    {
        var outbox = CreateOutbox(SmallLimits);
        await AppendAsync(outbox, _session, General, "a");
        await EndAsync(outbox, _session, General);

        Assert.Equal(0, await AppendAsync(outbox, _session, General, "late"));
        Assert.Equal(0, await EndAsync(outbox, _session, General));
        Assert.Equal(2, (await ReadAsync(outbox, _session, General)).Items.Count);
    }

    [Fact]
    public async Task A_page_tells_where_the_stream_stands_whatever_position_was_asked_for()
    {
        var outbox = CreateOutbox(SmallLimits);
        await BeginAsync(outbox, _session, "s");
        await AppendAsync(outbox, _session, "s", "b");
        var open = await ReadAsync(outbox, _session, "s", 1);
        Assert.Equal((2L, false), (open.Last, open.Ended));

        await EndAsync(outbox, _session, "s");
        var ended = await ReadAsync(outbox, _session, "s", 3);
        Assert.Equal((3L, true), (ended.Last, ended.Ended));
        var absent = await ReadAsync(outbox, _session, "other");
        Assert.Equal((0L, false), (absent.Last, absent.Ended));
    }

    [Fact]
    public async Task A_stream_that_has_ended_is_kept_for_a_while_and_an_open_one_longer()
    {
        var outbox = CreateOutbox(SmallLimits);
        await BeginAsync(outbox, _session, "ended");
        await BeginAsync(outbox, _session, "open");
        await EndAsync(outbox, _session, "ended");
        await AdvanceAsync(TimeSpan.FromMinutes(4));
        Assert.True((await ReadAsync(outbox, _session, "ended")).Exists);
        await AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.False((await ReadAsync(outbox, _session, "ended")).Exists);
        Assert.True((await ReadAsync(outbox, _session, "open")).Exists);
    }

    [Fact]
    public async Task A_removed_session_holds_nothing_and_takes_nothing_more()
    {
        var outbox = CreateOutbox(SmallLimits);
        var topic = new Topic(TopicKind.Tools);
        await AppendAsync(outbox, _session, General, "a");
        await AppendAsync(outbox, _other, General, "a");
        await outbox.SubscribeAsync(_session, topic, Cancel);
        await outbox.SubscribeAsync(_other, topic, Cancel);

        await outbox.RemoveAsync(_session, Cancel);
        await outbox.RemoveAsync(_session, Cancel);

        Assert.Equal(0, await AppendAsync(outbox, _session, General, "late"));
        Assert.Equal(0, await BeginAsync(outbox, _session, "late"));
        Assert.False(await outbox.SubscribeAsync(_session, topic, Cancel));
        Assert.False((await ReadAsync(outbox, _session, General)).Exists);
        Assert.Equal([_other], await outbox.FindSubscribersAsync(null, topic, Cancel));
        Assert.Equal(["a"], Texts(await ReadAsync(outbox, _other, General)));
    }

    [Fact]
    public async Task A_removal_wins_over_what_is_added_at_the_same_time()
    {
        var outbox = CreateOutbox(SmallLimits);
        var topic = new Topic(TopicKind.Tools);
        for (var round = 0; round < 20; round++)
        {
            var session = new SessionKey(_session.Tenant, SessionId.New());
            await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(
                async () =>
                {
                    switch (i % 4)
                    {
                        case 0:
                            await AppendAsync(outbox, session, General, "a");
                            break;
                        case 1:
                            await outbox.SubscribeAsync(session, topic, Cancel);
                            break;
                        case 2:
                            await outbox.RemoveAsync(session, Cancel);
                            break;
                        default:
                            await BeginAsync(outbox, session, "t");
                            await EndAsync(outbox, session, "t");
                            break;
                    }
                },
                Cancel)));

            Assert.False((await ReadAsync(outbox, session, General)).Exists);
            Assert.False((await ReadAsync(outbox, session, "t")).Exists);
            Assert.Empty(await outbox.FindSubscribersAsync(null, topic, Cancel));
        }
    }

    [Fact]
    public async Task Subscribers_are_found_by_topic_and_tenant()
    {
        var outbox = CreateOutbox(SmallLimits);
        var (tools, prompts) = (new Topic(TopicKind.Tools), new Topic(TopicKind.Prompts));
        var (paris, bern) = (new Topic(TopicKind.Resource, "weather://paris"), new Topic(TopicKind.Resource, "weather://bern:{}*"));
        Assert.True(await outbox.SubscribeAsync(_session, tools, Cancel));
        Assert.True(await outbox.SubscribeAsync(_session, tools, Cancel));
        await outbox.SubscribeAsync(_globex, tools, Cancel);
        await outbox.SubscribeAsync(_session, paris, Cancel);
        await outbox.SubscribeAsync(_other, bern, Cancel);

        Assert.Equal([_session], await outbox.FindSubscribersAsync(_session.Tenant, tools, Cancel));
        Assert.Equal(new HashSet<SessionKey> { _session, _globex }, (await outbox.FindSubscribersAsync(null, tools, Cancel)).ToHashSet());
        Assert.Empty(await outbox.FindSubscribersAsync(null, prompts, Cancel));
        Assert.Empty(await outbox.FindSubscribersAsync(new TenantId("nobody"), tools, Cancel));
        Assert.Equal([_session], await outbox.FindSubscribersAsync(_session.Tenant, paris, Cancel));
        Assert.Equal([_other], await outbox.FindSubscribersAsync(_session.Tenant, bern, Cancel));

        await outbox.UnsubscribeAsync(_session, tools, Cancel);
        await outbox.UnsubscribeAsync(_other, tools, Cancel);
        Assert.Equal([_globex], await outbox.FindSubscribersAsync(null, tools, Cancel));
        Assert.Equal([_session], await outbox.FindSubscribersAsync(null, paris, Cancel));
    }

    [Fact]
    public async Task A_session_is_subscribed_to_so_many_resources_and_lists_do_not_count()
    {
        var options = SmallLimits;
        options.MaxSubscriptions = 2;
        var outbox = CreateOutbox(options);
        Topic[] resources = [.. Enumerable.Range(0, 4).Select(i => new Topic(TopicKind.Resource, $"weather://{i}"))];
        foreach (var kind in new[] { TopicKind.Tools, TopicKind.Prompts, TopicKind.Resources })
        {
            Assert.True(await SubscribeAsync(_session, new(kind)));
        }

        Assert.True(await SubscribeAsync(_session, resources[0]));
        Assert.True(await SubscribeAsync(_session, resources[1]));
        Assert.False(await SubscribeAsync(_session, resources[2]));
        Assert.Empty(await outbox.FindSubscribersAsync(null, resources[2], Cancel));

        // Neither those that it has already nor another session are concerned, and there is room again after one less.
        Assert.True(await SubscribeAsync(_session, resources[0]));
        Assert.True(await SubscribeAsync(_other, resources[2]));
        await outbox.UnsubscribeAsync(_session, resources[3], Cancel);
        Assert.False(await SubscribeAsync(_session, resources[3]));
        await outbox.UnsubscribeAsync(_session, resources[0], Cancel);
        Assert.True(await SubscribeAsync(_session, resources[3]));
        Assert.Equal([_session], await outbox.FindSubscribersAsync(null, resources[3], Cancel));

        async Task<bool> SubscribeAsync(SessionKey session, Topic topic) => await outbox.SubscribeAsync(session, topic, Cancel);
    }

    [Fact]
    public async Task A_request_has_a_stream_only_once_it_began()
    {
        var outbox = CreateOutbox(SmallLimits);
        Assert.Equal(0, await AppendAsync(outbox, _session, "s", "early"));
        Assert.Equal(0, await EndAsync(outbox, _session, "s"));
        Assert.False((await ReadAsync(outbox, _session, "s")).Exists);

        Assert.Equal(1, await BeginAsync(outbox, _session, "s"));
        Assert.Equal(2, await EndAsync(outbox, _session, "s"));
        await AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(0, await AppendAsync(outbox, _session, "s", "late"));
        Assert.False((await ReadAsync(outbox, _session, "s")).Exists);
    }

    [Fact]
    public async Task So_many_streams_of_requests_are_open_at_one_time_and_the_general_one_does_not_count()
    {
        var options = SmallLimits;
        options.MaxStreams = 2;
        var outbox = CreateOutbox(options);
        await AppendAsync(outbox, _session, General, "general");
        Assert.Equal(1, await BeginAsync(outbox, _session, "a"));
        Assert.Equal(1, await BeginAsync(outbox, _session, "b"));
        Assert.Equal(0, await BeginAsync(outbox, _session, "c"));
        Assert.Equal(0, await AppendAsync(outbox, _session, "c", "message"));
        Assert.False((await ReadAsync(outbox, _session, "c")).Exists);

        Assert.Equal(2, await AppendAsync(outbox, _session, "a", "message"));
        Assert.Equal(1, await BeginAsync(outbox, _other, "c"));
        await EndAsync(outbox, _session, "a");
        Assert.Equal(0, await EndAsync(outbox, _session, "a"));
        Assert.Equal(1, await BeginAsync(outbox, _session, "c"));
        Assert.Equal(0, await BeginAsync(outbox, _session, "d"));
        Assert.Equal(2, await AppendAsync(outbox, _session, General, "general"));
    }

    [Fact]
    public async Task Streams_of_requests_that_have_not_ended_are_found()
    {
        var outbox = CreateOutbox(SmallLimits);
        Assert.Empty(await outbox.FindOpenAsync(_session, Cancel));
        foreach (var stream in (string[])["a.1", "a.2", "b.1"])
        {
            await BeginAsync(outbox, _session, stream);
        }

        await BeginAsync(outbox, _other, "a.3");
        await AppendAsync(outbox, _session, General, Notification);
        await outbox.SubscribeAsync(_session, new Topic(TopicKind.Tools), Cancel);
        await EndAsync(outbox, _session, "a.2");

        Assert.Equal(["a.1", "b.1"], (await outbox.FindOpenAsync(_session, Cancel)).Order(StringComparer.Ordinal));
        await outbox.RemoveAsync(_session, Cancel);
        Assert.Empty(await outbox.FindOpenAsync(_session, Cancel));
    }

    [Fact]
    public async Task Streams_that_begin_at_once_are_no_more_than_may_be_open()
    {
        var options = SmallLimits;
        options.MaxStreams = 3;
        var outbox = CreateOutbox(options);

        var positions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () => await BeginAsync(outbox, _session, $"s{i}"), Cancel)));

        Assert.Equal(3, positions.Count(p => p == 1));
    }

    [Fact]
    public async Task Of_many_streams_that_have_ended_the_oldest_go()
    {
        const int Kept = 64;
        var outbox = CreateOutbox(SmallLimits);
        await BeginAsync(outbox, _session, "open");
        await AppendAsync(outbox, _session, General, "general");
        for (var i = 0; i < Kept + 3; i++)
        {
            await BeginAsync(outbox, _session, Name(i));
            await EndAsync(outbox, _session, Name(i));
        }

        var exist = new List<bool>();
        for (var i = 0; i < Kept + 3; i++)
        {
            exist.Add((await ReadAsync(outbox, _session, Name(i))).Exists);
        }

        Assert.Equal([false, false, false, .. Enumerable.Repeat(true, Kept)], exist);
        Assert.True((await ReadAsync(outbox, _session, "open")).Exists);
        Assert.True((await ReadAsync(outbox, _session, General)).Exists);
        Assert.Equal(0, await AppendAsync(outbox, _session, Name(0), "late"));

        static string Name(int i) => $"s{i:D3}";
    }

    [Fact]
    public async Task Streams_that_have_ended_hold_no_more_bytes_than_the_open_ones_may_but_the_last_stays()
    {
        var options = SmallLimits;
        options.MaxStreams = 2;
        var outbox = CreateOutbox(options);
        foreach (var (stream, bytes) in new[] { ("a", 1000), ("b", 1000), ("c", 100) })
        {
            await FinishAsync(stream, bytes);
        }

        Assert.Equal([false, true, true], await ExistAsync("a", "b", "c"));
        await FinishAsync("d", 5000);
        Assert.Equal([false, false, true], await ExistAsync("b", "c", "d"));
        Assert.Equal(3, (await ReadAsync(outbox, _session, "d")).Items.Count);

        async Task FinishAsync(string stream, int bytes)
        {
            await BeginAsync(outbox, _session, stream);
            await AppendAsync(outbox, _session, stream, Response + new string(' ', bytes - Response.Length));
            await EndAsync(outbox, _session, stream);
        }

        async Task<List<bool>> ExistAsync(params string[] streams)
        {
            var exist = new List<bool>();
            foreach (var stream in streams)
            {
                exist.Add((await ReadAsync(outbox, _session, stream)).Exists);
            }

            return exist;
        }
    }

    [Fact]
    public async Task Items_that_are_added_at_once_have_positions_without_gaps()
    {
        var options = SmallLimits;
        options.MaxOutboxMessages = 1000;
        var outbox = CreateOutbox(options);

        var positions = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Task.Run(async () => (Position: await AppendAsync(outbox, _session, General, $"{i}"), Text: $"{i}"), Cancel)));

        var page = await ReadAsync(outbox, _session, General);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), page.Items.Select(i => i.Position));
        Assert.Equal(positions.OrderBy(p => p.Position).Select(p => p.Text), Texts(page));
    }

    [Fact]
    public async Task What_the_writer_does_with_its_buffer_later_changes_nothing()
    {
        var outbox = CreateOutbox(SmallLimits);
        var buffer = "text"u8.ToArray();
        await outbox.AppendAsync(_session, General, OutboxItemKind.Message, buffer, Cancel);
        buffer.AsSpan().Clear();

        Assert.Equal(["text"], Texts(await ReadAsync(outbox, _session, General)));
    }
}
