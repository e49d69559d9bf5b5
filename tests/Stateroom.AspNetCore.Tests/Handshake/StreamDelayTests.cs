using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.AspNetCore.Handshake;

namespace Stateroom.AspNetCore.Tests.Handshake;

public sealed class StreamDelayTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly AsyncLocal<string?> _flow = new();
    private readonly List<string> _due = [];
    private readonly StreamDelay _delay;

    public StreamDelayTests() => _delay = new(_time, Options.Create(new SessionEndpointOptions { StreamAfter = TimeSpan.FromMilliseconds(250) }));

    public void Dispose() => _delay.Dispose();

    [Fact]
    public void Each_is_due_after_its_own_time_and_in_its_own_flow()
    {
        Begin("one");
        Pass(100);
        Begin("two");
        Begin("three");
        Pass(149);
        Assert.Empty(_due);
        Pass(1);
        Assert.Equal(["one in one"], _due);
        Pass(99);
        Assert.Equal(["one in one"], _due);
        Pass(1);
        Assert.Equal(["one in one", "two in two", "three in three"], _due);
        Pass(1_000);
        Begin("four");
        Pass(250);
        Assert.Equal("four in four", _due[^1]);
    }

    [Fact]
    public void Who_is_over_in_time_is_never_due()
    {
        var (one, two, three, four) = (Begin("one"), Begin("two"), Begin("three"), Begin("four"));
        _delay.End(two);
        _delay.End(one);
        _delay.End(four);
        Pass(250);
        Assert.Equal(["three in three"], _due);
        _delay.End(three);
        _delay.End(two);
        Begin("five");
        Pass(250);
        Assert.Equal(["three in three", "five in five"], _due);
    }

    [Fact]
    public void Where_nobody_is_left_the_next_has_its_time()
    {
        _delay.End(Begin("one"));
        Pass(200);
        Begin("two");
        Pass(249);
        Assert.Empty(_due);
        Pass(1);
        Assert.Equal(["two in two"], _due);
    }

    [Fact]
    public void Who_keeps_what_flows_to_itself_is_due_too()
    {
        using (ExecutionContext.SuppressFlow())
        {
            _delay.Begin(new Waiting(this, "one"));
        }

        Pass(250);
        Assert.StartsWith("one", Assert.Single(_due), StringComparison.Ordinal);
    }

    private Waiting Begin(string name)
    {
        var waiting = new Waiting(this, name);
        _flow.Value = name;
        _delay.Begin(waiting);
        _flow.Value = null;
        return waiting;
    }

    private void Pass(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private sealed class Waiting(StreamDelayTests tests, string name) : StreamDelay.Entry
    {
        public override void OnDue() => tests._due.Add($"{name} in {tests._flow.Value}");
    }
}
