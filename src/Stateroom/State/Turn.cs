namespace Stateroom.State;

/// <summary>Has code take turns that runs in parallel now and then: who meets nobody takes it at once, and nothing is made for that. A field, never copied.</summary>
internal struct Turn
{
    private static readonly object _taken = new();

    // Null while it is free, _taken while somebody has it whom nobody waits for and, once two have met, the queue.
    private object? _state;

    /// <summary>Takes the turn.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task TakeAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, _taken, null))
            {
                case null:
                    return Task.CompletedTask;
                case SemaphoreSlim queue:
                    return queue.WaitAsync(cancellationToken);
                default:
                    // Whoever has it has the one place that there is.
                    Interlocked.CompareExchange(ref _state, new SemaphoreSlim(0, 1), _taken);
                    break;
            }
        }
    }

    /// <summary>Gives it to whoever waits.</summary>
    public void Give()
    {
        if (Interlocked.CompareExchange(ref _state, null, _taken) is SemaphoreSlim queue)
        {
            queue.Release();
        }
    }
}
