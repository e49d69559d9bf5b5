using System.Text;
using Stateroom.ContractTests;
using Stateroom.Messaging;
using Stateroom.Redis.Messaging;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Messaging;

public sealed class RedisSessionBackplaneTests(RedisServer server) : SessionBackplaneContract, IAsyncDisposable
{
    private static readonly SessionKey Session = new(new TenantId("ac:{}*\r\nme"), SessionId.New());

    private readonly RedisInstances _instances = new(() => server.Configuration);

    protected override ISessionBackplane CreateBackplane() => _instances.Add().StartBackplane();

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    [Fact]
    public async Task Signals_reach_the_other_instances_as_they_were_sent_and_their_sender_once()
    {
        var (a, b) = (await HearingAsync(), await HearingAsync());
        using var heardByA = new SignalRecorder(a);
        using var heardByB = new SignalRecorder(b);
        SessionSignal[] signals =
        [
            new SessionSignal.Cancel(Session, "\"1\""),
            new SessionSignal.Ended(Session),
            new SessionSignal.Nudge(Session, StreamNames.General),
            new SessionSignal.Taken(Session, "reader"),
            new SessionSignal.Changed(null, new Topic(TopicKind.Tools)),
            new SessionSignal.Changed(Session.Tenant, new Topic(TopicKind.Resource, "weather://a b")),
            new SessionSignal.Changed(new TenantId("\ud800"), new Topic(TopicKind.Resources)),
        ];

        foreach (var signal in signals)
        {
            await a.PublishAsync(signal, Cancel);
        }

        // What comes back to A before this one would be heard before it.
        var last = new SessionSignal.Nudge(Session, "last");
        await b.PublishAsync(last, Cancel);

        Assert.Equal(signals, (await heardByB.TakeAsync(signals.Length + 1)).Where(s => s != last));
        Assert.Equal([.. signals, last], await heardByA.TakeAsync(signals.Length + 1));
    }

    [Fact]
    public async Task An_answer_reaches_the_instance_that_asked_and_no_other()
    {
        var (a, b, c) = (await HearingAsync(), await HearingAsync(), await HearingAsync());
        using var heardByA = new SignalRecorder(a);
        using var heardByB = new SignalRecorder(b);
        using var heardByC = new SignalRecorder(c);

        await a.PublishAsync(new SessionSignal.Answer(Session, b.InstanceId, "q1", "{\"id\":1}"u8.ToArray()), Cancel);
        await a.PublishAsync(new SessionSignal.Answer(Session, "*bad\r\n", "q1", "{}"u8.ToArray()), Cancel);
        await a.PublishAsync(new SessionSignal.Ended(Session), Cancel);

        var answer = Assert.Single((await heardByB.TakeAsync(2)).OfType<SessionSignal.Answer>());
        Assert.Equal((Session, b.InstanceId, "q1", "{\"id\":1}"), (answer.Session, answer.Instance, answer.QuestionId, Encoding.UTF8.GetString(answer.Message.Span)));
        Assert.Equal([new SessionSignal.Ended(Session)], await heardByA.TakeAsync(1));
        Assert.Equal([new SessionSignal.Ended(Session)], await heardByC.TakeAsync(1));
    }

    [Fact]
    public async Task An_instance_is_alive_until_it_stops()
    {
        var (a, b) = (await HearingAsync(), await HearingAsync());

        Assert.True(await a.IsAliveAsync(b.InstanceId, Cancel));
        await b.DisposeAsync();
        Assert.False(await a.IsAliveAsync(b.InstanceId, Cancel));
    }

    [Fact]
    public async Task What_a_newer_version_sends_is_left_alone()
    {
        var instance = _instances.Add();
        var a = instance.StartBackplane();
        await Eventually.TrueAsync(() => a.IsHearing);
        var b = await HearingAsync();
        using var heard = new SignalRecorder(a);
        var subscriber = (await instance.Connection.GetAsync()).GetSubscriber();
        byte[][] unknown = [[], [SignalCodec.Format + 1, 1], [SignalCodec.Format, 200], [SignalCodec.Format, 1, 1, (byte)'x', 255], [SignalCodec.Format, 3, 0, 0, 0]];
        foreach (var message in unknown)
        {
            await subscriber.PublishAsync(instance.Keys.Control, message);
        }

        await b.PublishAsync(new SessionSignal.Ended(Session), Cancel);

        Assert.Equal([new SessionSignal.Ended(Session)], await heard.TakeAsync(1));
    }

    [Fact]
    public async Task What_waits_is_bounded_in_bytes_and_what_is_small_passes_beside_it()
    {
        var (a, b) = (await HearingAsync(), await HearingAsync());
        var large = new byte[1024 * 1024];
        var (gate, ended) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var heard = 0;
        using var subscription = a.Subscribe(async (signal, cancellationToken) =>
        {
            if (signal is SessionSignal.Answer)
            {
                await gate.Task.WaitAsync(cancellationToken);
                heard++;
            }
            else if (signal is SessionSignal.Ended)
            {
                ended.TrySetResult();
            }
        });

        for (var i = 0; i < 24; i++)
        {
            await b.PublishAsync(new SessionSignal.Answer(Session, a.InstanceId, $"q{i}", large), Cancel);
        }

        await Eventually.TrueAsync(() => a.Received.Refused > 0);
        Assert.InRange(a.Received.Bytes, large.Length, 17 * large.Length);

        // Another session ends while there is no room for large answers.
        await b.PublishAsync(new SessionSignal.Ended(new(new("globex"), SessionId.New())), Cancel);
        gate.SetResult();
        await ended.Task.WaitAsync(Cancel);
        Assert.InRange(heard, 1, 23);
        await Eventually.TrueAsync(() => a.Received.Bytes < large.Length);
    }

    [Fact]
    public void A_message_alone_is_let_in_however_large_and_room_is_also_counted_in_messages()
    {
        const int Large = SignalBacklog.SmallBytes + 1;
        var bytes = new SignalBacklog(mostMessages: 10, mostBytes: 100);
        Assert.True(bytes.TryAdd(new byte[Large]));
        Assert.False(bytes.TryAdd(new byte[Large]));

        // Beside large ones, a small one has its place.
        Assert.True(bytes.TryAdd(new byte[SignalBacklog.SmallBytes]));
        var messages = new SignalBacklog(mostMessages: 2, mostBytes: 100);
        Assert.True(messages.TryAdd(new byte[10]) && messages.TryAdd(new byte[10]));
        Assert.False(messages.TryAdd(new byte[10]));
        Assert.Equal((20, 1), (messages.Bytes, messages.Refused));
    }

    private async Task<RedisSessionBackplane> HearingAsync()
    {
        var backplane = _instances.Add().StartBackplane();
        await Eventually.TrueAsync(() => backplane.IsHearing);
        return backplane;
    }
}
