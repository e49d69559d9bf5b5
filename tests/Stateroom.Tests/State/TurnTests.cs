using Stateroom.State;
using Xunit;

namespace Stateroom.Tests.State;

public sealed class TurnTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Turn _turn;

    [Fact]
    public async Task One_has_it_at_a_time()
    {
        var (inside, most, done) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 5_000; i++)
                {
                    await _turn.TakeAsync(Cancellation);
                    most = Math.Max(most, ++inside);
                    done++;
                    if (i % 100 == 0)
                    {
                        await Task.Yield();
                    }

                    inside--;
                    _turn.Give();
                }
            },
            Cancellation)));
        Assert.Equal((0, 1, 40_000), (inside, most, done));
    }

    [Fact]
    public async Task Who_gives_up_waiting_is_passed_over()
    {
        await _turn.TakeAsync(Cancellation);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var given = _turn.TakeAsync(cancellation.Token);
        var next = _turn.TakeAsync(Cancellation);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(next.IsCompleted);
        _turn.Give();
        await next;
        var last = _turn.TakeAsync(Cancellation);
        Assert.False(last.IsCompleted);
        _turn.Give();
        await last;
    }

    [Fact]
    public async Task Who_is_cancelled_does_not_take_it()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _turn.TakeAsync(new(canceled: true)));
        Assert.True(_turn.TakeAsync(Cancellation).IsCompletedSuccessfully);
    }
}
