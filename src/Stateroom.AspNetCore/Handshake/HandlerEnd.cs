namespace Stateroom.AspNetCore.Handshake;

/// <summary>The end of a handler, for which few ever wait. A field of whoever runs the handler, never copied.</summary>
internal struct HandlerEnd
{
    private static readonly TaskCompletionSource _over = Over();

    private TaskCompletionSource? _waited;

    /// <summary>Done when the handler has run to its end.</summary>
    public Task Task => LazyInitializer.EnsureInitialized(ref _waited, static () => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Says that it has.</summary>
    public void Set() => Interlocked.CompareExchange(ref _waited, _over, null)?.TrySetResult();

    private static TaskCompletionSource Over()
    {
        var over = new TaskCompletionSource();
        over.SetResult();
        return over;
    }
}
