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
        await AppendAsync(outbox, _session, "s", Question);
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync(outbox, _session, "s", Notification);
        }

        Assert.Equal(Question, Texts(await ReadAsync(outbox, _session, "s")).First());
    }

    [Fact]
    public async Task A_page_says_where_the_stream_stands()
    {
        var outbox = CreateOutbox(SmallLimits);
        Assert.Equal((0, false), (await ReadAsync(outbox, _session, "s")) is var none ? (none.Last, none.Ended) : default);
        await AppendAsync(outbox, _session, "s", "a");
        var open = await ReadAsync(outbox, _session, "s", 1);
        Assert.Equal((1, false), (open.Last, open.Ended));
        await EndAsync(outbox, _session, "s");
        var ended = await ReadAsync(outbox, _session, "s", 2);
        Assert.Equal((2, true), (ended.Last, ended.Ended));
    }

    [Fact]
    public async Task The_beginning_of_a_stream_is_never_trimmed_away()
    {
        var outbox = CreateOutbox(SmallLimits);
        await AppendAsync(outbox, _session, "s", "7", OutboxItemKind.Begin);
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
        await outbox.MarkDeliveredAsync(_session, "s", 7, Cancel);
        Assert.False((await ReadAsync(outbox, _session, "s")).Exists);

        await AppendAsync(outbox, _session, "s", "a");
        await AppendAsync(outbox, _session, "s", "b");
        Assert.Equal(0, (await ReadAsync(outbox, _session, "s")).Delivered);
        await outbox.MarkDeliveredAsync(_session, "s", 2, Cancel);
        await outbox.MarkDeliveredAsync(_session, "s", 1, Cancel);
        Assert.Equal(2, (await ReadAsync(outbox, _session, "s")).Delivered);
    }

    [Fact]
    public async Task Items_are_read_in_order_after_a_position()
    {
        var outbox = CreateOutbox(SmallLimits);
        Assert.Equal(1, await AppendAsync(outbox, _session, "s", "a"));
        Assert.Equal(2, await AppendAsync(outbox, _session, "s", "3000", OutboxItemKind.Pause));
        Assert.Equal(3, await AppendAsync(outbox, _session, "s", "b"));
        Assert.Equal(4, await EndAsync(outbox, _session, "s"));

        var page = await ReadAsync(outbox, _session, "s");
        Assert.True(page.Exists);
        Assert.False(page.Trimmed);
        Assert.Equal([1L, 2L, 3L, 4L], page.Items.Select(i => i.Position));
        Assert.Equal([OutboxItemKind.Message, OutboxItemKind.Pause, OutboxItemKind.Message, OutboxItemKind.End], page.Items.Select(i => i.Kind));
        Assert.Equal(["a", "3000", "b", ""], Texts(page));

        Assert.Equal(["b", ""], Texts(await ReadAsync(outbox, _session, "s", 2)));
        var caughtUp = await ReadAsync(outbox, _session, "s", 4);
        Assert.True(caughtUp.Exists);
        Assert.Empty(caughtUp.Items);
    }

    [Fact]
    public async Task A_stream_begins_with_its_first_item_and_streams_do_not_mix()
    {
        var outbox = CreateOutbox(SmallLimits);
        Assert.False((await ReadAsync(outbox, _session, "s")).Exists);
        await AppendAsync(outbox, _session, "s", "mine");
        await AppendAsync(outbox, _session, "S", "upper");
        await AppendAsync(outbox, _other, "s", "other");

        Assert.Equal(["mine"], Texts(await ReadAsync(outbox, _session, "s")));
        Assert.Equal(["upper"], Texts(await ReadAsync(outbox, _session, "S")));
        Assert.Equal(["other"], Texts(await ReadAsync(outbox, _other, "s")));
        Assert.False((await ReadAsync(outbox, _globex with { Id = _session.Id }, "s")).Exists);
    }

    [Fact]
    public async Task A_full_stream_loses_its_oldest_item_and_tells_a_reader_behind_it()
    {
        var outbox = CreateOutbox(SmallLimits);
        for (var i = 1; i <= 6; i++)
        {
            await AppendAsync(outbox, _session, "s", $"{i}");
        }

        var behind = await ReadAsync(outbox, _session, "s", 1);
        Assert.Equal(["3", "4", "5", "6"], Texts(behind));
        Assert.True(behind.Trimmed);
        Assert.False((await ReadAsync(outbox, _session, "s", 2)).Trimmed);
    }

    [Fact]
    public async Task Bytes_are_bounded_too_but_the_newest_item_is_kept()
    {
        var outbox = CreateOutbox(SmallLimits);
        await AppendAsync(outbox, _session, "s", new string('a', 500));
        await AppendAsync(outbox, _session, "s", new string('b', 500));
        Assert.Equal(2, (await ReadAsync(outbox, _session, "s")).Items.Count);
        await AppendAsync(outbox, _session, "s", new string('c', 25));
        Assert.Equal([2L, 3L], (await ReadAsync(outbox, _session, "s")).Items.Select(i => i.Position));

        await AppendAsync(outbox, _session, "s", new string('d', 5000));
        var page = await ReadAsync(outbox, _session, "s", 3);
        Assert.Equal([4L], page.Items.Select(i => i.Position));
        Assert.False(page.Trimmed);
    }

    [Theory]
    [InlineData(Response)]
    [InlineData(Error)]
    public async Task A_response_and_the_end_are_never_trimmed(string response)
    {
        var outbox = CreateOutbox(SmallLimits);
        await AppendAsync(outbox, _session, "s", Notification);
        await AppendAsync(outbox, _session, "s", response);
        for (var i = 0; i < 6; i++)
        {
            await AppendAsync(outbox, _session, "s", Notification);
        }

        await AppendAsync(outbox, _session, "s", new string(' ', 2000) + response);
        await EndAsync(outbox, _session, "s");

        var page = await ReadAsync(outbox, _session, "s");
        Assert.Equal([2L, 9L, 10L], page.Items.Select(i => i.Position));
        Assert.Equal(OutboxItemKind.End, page.Items[^1].Kind);
        Assert.True(page.Trimmed);
        Assert.True((await ReadAsync(outbox, _session, "s", 7)).Trimmed);
        Assert.False((await ReadAsync(outbox, _session, "s", 8)).Trimmed);
    }

    [Fact]
    public async Task Nothing_follows_the_end()
    {
        var outbox = CreateOutbox(SmallLimits);
        await AppendAsync(outbox, _session, "s", "a");
        await EndAsync(outbox, _session, "s");

        Assert.Equal(0, await AppendAsync(outbox, _session, "s", "late"));
        Assert.Equal(0, await EndAsync(outbox, _session, "s"));
        Assert.Equal(2, (await ReadAsync(outbox, _session, "s")).Items.Count);
    }

    [Fact]
    public async Task A_stream_that_has_ended_is_kept_for_a_while_and_an_open_one_longer()
    {
        var outbox = CreateOutbox(SmallLimits);
        await AppendAsync(outbox, _session, "ended", "a");
        await AppendAsync(outbox, _session, "open", "a");
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
        await AppendAsync(outbox, _session, "s", "a");
        await AppendAsync(outbox, _other, "s", "a");
        await outbox.SubscribeAsync(_session, topic, Cancel);
        await outbox.SubscribeAsync(_other, topic, Cancel);

        await outbox.RemoveAsync(_session, Cancel);
        await outbox.RemoveAsync(_session, Cancel);

        Assert.Equal(0, await AppendAsync(outbox, _session, "s", "late"));
        await outbox.SubscribeAsync(_session, topic, Cancel);
        Assert.False((await ReadAsync(outbox, _session, "s")).Exists);
        Assert.Equal([_other], await outbox.FindSubscribersAsync(null, topic, Cancel));
        Assert.Equal(["a"], Texts(await ReadAsync(outbox, _other, "s")));
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
                            await AppendAsync(outbox, session, "s", "a");
                            break;
                        case 1:
                            await outbox.SubscribeAsync(session, topic, Cancel);
                            break;
                        case 2:
                            await outbox.RemoveAsync(session, Cancel);
                            break;
                        default:
                            await EndAsync(outbox, session, "t");
                            break;
                    }
                },
                Cancel)));

            Assert.False((await ReadAsync(outbox, session, "s")).Exists);
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
        await outbox.SubscribeAsync(_session, tools, Cancel);
        await outbox.SubscribeAsync(_session, tools, Cancel);
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
    public async Task Items_that_are_added_at_once_have_positions_without_gaps()
    {
        var options = SmallLimits;
        options.MaxOutboxMessages = 1000;
        var outbox = CreateOutbox(options);

        var positions = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            Task.Run(async () => (Position: await AppendAsync(outbox, _session, "s", $"{i}"), Text: $"{i}"), Cancel)));

        var page = await ReadAsync(outbox, _session, "s");
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), page.Items.Select(i => i.Position));
        Assert.Equal(positions.OrderBy(p => p.Position).Select(p => p.Text), Texts(page));
    }

    [Fact]
    public async Task What_the_writer_does_with_its_buffer_later_changes_nothing()
    {
        var outbox = CreateOutbox(SmallLimits);
        var buffer = "text"u8.ToArray();
        await outbox.AppendAsync(_session, "s", OutboxItemKind.Message, buffer, Cancel);
        buffer.AsSpan().Clear();

        Assert.Equal(["text"], Texts(await ReadAsync(outbox, _session, "s")));
    }
}
