using System.Diagnostics;
using Stateroom.Messaging;
using Stateroom.Redis.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Messaging;

/// <summary>A signal carries the trace that it is part of, and is understood without it.</summary>
public sealed class SignalTraceTests
{
    private static readonly SessionSignal _signal = new SessionSignal.Cancel(new SessionKey(new TenantId("acme"), SessionId.New()), "1");

    private static readonly ActivityContext _context = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, "vendor=1", isRemote: true);

    [Fact]
    public void The_context_arrives_with_the_signal()
    {
        Assert.True(SignalCodec.TryRead(SignalCodec.Write("A", _signal, _context), "B", out var sender, out var signal, out _, out var context));
        Assert.Equal(("A", _signal, _context), (sender, signal, context!.Value));
    }

    [Fact]
    public void Versions_that_know_of_no_context_are_understood_and_understand()
    {
        var old = SignalCodec.Write("A", _signal);
        Assert.True(SignalCodec.TryRead(old, "B", out _, out var signal, out _, out var context));
        Assert.Equal(_signal, signal);
        Assert.Null(context);

        // They read the fields that they know and leave what follows alone.
        var traced = SignalCodec.Write("A", _signal, _context);
        Assert.Equal(old, traced[..old.Length]);
    }

    [Fact]
    public void A_context_that_cannot_be_read_costs_no_signal()
    {
        foreach (var rest in (byte[][])[[0], [3, 1], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [2, (byte)'n', (byte)'o', 0], [.. Enumerable.Repeat((byte)0x80, 20)]])
        {
            Assert.True(SignalCodec.TryRead([.. SignalCodec.Write("A", _signal), .. rest], "B", out _, out var signal, out _, out var context));
            Assert.Equal(_signal, signal);
            Assert.Null(context);
        }
    }
}
