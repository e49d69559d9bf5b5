using Stateroom.Diagnostics;
using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>The state of one type: reads the snapshot of the call, writes by compare-and-set.</summary>
internal sealed class SessionState<T>(ISessionAccessor accessor, SessionStateTypes types, SessionGates gates, SessionMetrics metrics) : ISessionState<T>
    where T : class, new()
{
    private const int MaxAttempts = 100;

    private readonly StateFormat<T> _format = types.Resolve<T>();

    private SessionContext Context => accessor.Current
        ?? throw new InvalidOperationException("There is no session here: this code runs outside an MCP request. Use session state inside tools, prompts and resources.");

    public ValueTask<T> GetAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(Entry(Context.Session)));
    }

    public async Task<T> RefreshAsync(CancellationToken cancellationToken = default) =>
        Read(Entry(await Context.RefreshAsync(cancellationToken)));

    public async Task<T> UpdateAsync(Func<T, T> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        T? result = null;
        await ChangeAsync(
            entry =>
            {
                var old = Read(entry);
                result = update(old) ?? throw new InvalidOperationException("The new state is null. Return a value, or take the state away with ClearAsync.");
                return ReferenceEquals(result, old) ? null : new StateWrite(_format.Name, entry.Version, _format.Write(result));
            },
            cancellationToken);
        return result!;
    }

    public Task ReplaceAsync(T value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        var data = _format.Write(value);
        return ChangeAsync(entry => new StateWrite(_format.Name, entry.Version, data), cancellationToken).AsTask();
    }

    public Task ClearAsync(CancellationToken cancellationToken = default) => Context.Session is null
        ? Task.CompletedTask
        : ChangeAsync(entry => StateWrite.Remove(_format.Name, entry.Version), cancellationToken).AsTask();

    /// <summary>Writes what <paramref name="change"/> makes of the entry, again and again until nobody was first; null writes nothing.</summary>
    private async ValueTask ChangeAsync(Func<StateEntry, StateWrite?> change, CancellationToken cancellationToken)
    {
        var context = Context;
        if (await TryAsync() || await RetryAsync())
        {
            return;
        }

        metrics.Abandoned(context.Caller);
        throw new SessionStateConflictException(MaxAttempts);

        async ValueTask<bool> TryAsync() =>
            change(Entry(context.Session)) is not { } write || (await context.WriteAsync(write, cancellationToken)).Written;

        async ValueTask<bool> RetryAsync()
        {
            var gate = gates.For(context.Session!.Key);
            await gate.WaitAsync(cancellationToken);
            try
            {
                for (var attempt = 2; attempt <= MaxAttempts; attempt++)
                {
                    metrics.Retried(context.Caller);
                    if (await TryAsync())
                    {
                        return true;
                    }
                }

                return false;
            }
            finally
            {
                gate.Release();
            }
        }
    }

    private StateEntry Entry(SessionRecord? session) => session?.FindState(_format.Name) ?? StateEntry.Absent(_format.Name);

    private T Read(StateEntry entry) => entry.Exists ? _format.Read(entry) : new();
}
