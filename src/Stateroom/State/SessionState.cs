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

    public Task<T> UpdateAsync(Func<T, T> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return ChangeAsync(
            entry =>
            {
                var old = Read(entry);
                var value = update(old) ?? throw new InvalidOperationException("The new state is null. Return a value, or take the state away with ClearAsync.");
                return (value, ReferenceEquals(value, old) ? null : new StateWrite(_format.Name, entry.Version, _format.Write(value)));
            },
            cancellationToken);
    }

    public Task ReplaceAsync(T value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        var data = _format.Write(value);
        return ChangeAsync(entry => (value, new StateWrite(_format.Name, entry.Version, data)), cancellationToken);
    }

    public Task ClearAsync(CancellationToken cancellationToken = default) => Context.Session is null
        ? Task.CompletedTask
        : ChangeAsync(entry => (new(), StateWrite.Remove(_format.Name, entry.Version)), cancellationToken);

    /// <summary>Writes what <paramref name="change"/> makes of the entry, again and again until nobody was first; no write is none to lose.</summary>
    /// <returns>The state as it is now.</returns>
    private async Task<T> ChangeAsync(Func<StateEntry, (T Value, StateWrite? Write)> change, CancellationToken cancellationToken)
    {
        var context = Context;
        var (value, write) = change(Entry(context.Session));
        return write is null || (await context.WriteAsync(write.Value, cancellationToken)).Written ? value : await RetryAsync(context, change, cancellationToken);
    }

    private async Task<T> RetryAsync(SessionContext context, Func<StateEntry, (T Value, StateWrite? Write)> change, CancellationToken cancellationToken)
    {
        var gate = gates.For(context.Session!.Key);
        await gate.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 2; attempt <= MaxAttempts; attempt++)
            {
                metrics.Retried(context.Caller);
                var (value, write) = change(Entry(context.Session));
                if (write is null || (await context.WriteAsync(write.Value, cancellationToken)).Written)
                {
                    return value;
                }
            }
        }
        finally
        {
            gate.Release();
        }

        metrics.Abandoned(context.Caller);
        throw new SessionStateConflictException(MaxAttempts);
    }

    private StateEntry Entry(SessionRecord? session) => session?.FindState(_format.Name) ?? StateEntry.Absent(_format.Name);

    private T Read(StateEntry entry) => entry.Exists ? _format.Read(entry) : new();
}
