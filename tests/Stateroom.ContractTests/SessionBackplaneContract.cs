using System.Collections.Concurrent;
using System.Text;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.ContractTests;

/// <summary>What every backplane holds within one instance. A backend's tests inherit this and say how to make a backplane.</summary>
public abstract class SessionBackplaneContract
{
    private static readonly SessionKey Session = new(new TenantId("ac:{}*\r\nme"), SessionId.New());

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes the backplane of one more instance.</summary>
    protected abstract ISessionBackplane CreateBackplane();

    [Fact]
    public async Task An_instance_is_alive_to_itself_and_one_that_never_was_is_not()
    {
        var backplane = CreateBackplane();
        Assert.True(await backplane.IsAliveAsync(backplane.InstanceId, TestContext.Current.CancellationToken));
        Assert.False(await backplane.IsAliveAsync("never-was", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Instances_have_different_names_of_safe_characters()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => CreateBackplane().InstanceId).ToList();

        Assert.Equal(3, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, id => Assert.Matches("^[A-Za-z0-9_-]{1,32}$", id));
    }

    [Fact]
    public async Task Every_kind_of_signal_arrives_as_it_was_sent()
    {
        var backplane = CreateBackplane();
        var received = new ConcurrentQueue<SessionSignal>();
        using var subscription = backplane.Subscribe((signal, _) =>
        {
            received.Enqueue(signal);
            return default;
        });
        SessionSignal[] signals =
        [
            new SessionSignal.Cancel(Session, "\"1\""),
            new SessionSignal.Ended(Session),
            new SessionSignal.Nudge(Session, StreamNames.General),
            new SessionSignal.Changed(null, new Topic(TopicKind.Tools)),
            new SessionSignal.Changed(Session.Tenant, new Topic(TopicKind.Resource, "weather://a b")),
        ];

        foreach (var signal in signals)
        {
            await backplane.PublishAsync(signal, Cancel);
        }

        var answer = new SessionSignal.Answer(Session, backplane.InstanceId, "q1", Encoding.UTF8.GetBytes("{}"));
        await backplane.PublishAsync(answer, Cancel);

        Assert.Equal(signals, received.Take(signals.Length));
        var answered = Assert.IsType<SessionSignal.Answer>(received.Last());
        Assert.Equal((Session, backplane.InstanceId, "q1", "{}"), (answered.Session, answered.Instance, answered.QuestionId, Encoding.UTF8.GetString(answered.Message.Span)));
    }

    [Fact]
    public async Task Publishing_is_done_when_the_parts_of_this_instance_have_acted_on_it()
    {
        var backplane = CreateBackplane();
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var acted = false;
        using var subscription = backplane.Subscribe(async (_, _) =>
        {
            begun.SetResult();
            await release.Task;
            acted = true;
        });

        var publishing = backplane.PublishAsync(new SessionSignal.Ended(Session), Cancel).AsTask();
        await begun.Task.WaitAsync(Cancel);
        Assert.False(publishing.IsCompleted);
        release.SetResult();
        await publishing;

        Assert.True(acted);
    }

    [Fact]
    public async Task Subscribers_act_in_order_and_one_that_fails_keeps_the_signal_from_none()
    {
        var backplane = CreateBackplane();
        var acted = new ConcurrentQueue<int>();
        using var first = backplane.Subscribe((_, _) => Act(1));
        using var second = backplane.Subscribe((_, _) => throw new InvalidOperationException("A fault."));
        using var third = backplane.Subscribe((_, _) => Act(3));

        await backplane.PublishAsync(new SessionSignal.Ended(Session), Cancel);

        Assert.Equal([1, 3], acted);

        ValueTask Act(int who)
        {
            acted.Enqueue(who);
            return default;
        }
    }

    [Fact]
    public async Task A_subscription_that_was_disposed_of_hears_nothing_more()
    {
        var backplane = CreateBackplane();
        var heard = 0;
        var subscription = backplane.Subscribe((_, _) =>
        {
            Interlocked.Increment(ref heard);
            return default;
        });
        await backplane.PublishAsync(new SessionSignal.Ended(Session), Cancel);
        subscription.Dispose();
        subscription.Dispose();
        await backplane.PublishAsync(new SessionSignal.Ended(Session), Cancel);

        Assert.Equal(1, heard);
    }
}
