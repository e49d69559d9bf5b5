using Stateroom.Diagnostics;
using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>The state of one type: reads the snapshot of the call, writes by compare-and-set.</summary>
internal sealed class SessionState<T>(ISessionAccessor accessor, SessionStateTypes types, SessionGates gates, SessionMetrics metrics) : ISessionState<T>
    where T : class, new()
{
    private const int MaxAttempts = 100;

    private readonly StateFormat<T> _format = types.Resolve<T>();

    /// <summary>Gives the new state, and the write that makes it so, from an entry and what it is to become. What it needs comes with each call, so that it is made once.</summary>
    private delegate (T Value, StateWrite? Write) Change<in TTo>(SessionState<T> state, StateEntry entry, TTo to);

    private SessionContext Context => accessor.Current
        ?? throw new InvalidOperationException("There is no session here: this code runs outside an MCP request. Use session state inside tools, prompts and resources.");

    public ValueTask<T> GetAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Read(Context.FindState(_format.Name)));
    }

    public async Task<T> RefreshAsync(CancellationToken cancellationToken = default)
    {
        var context = Context;
        await context.RefreshAsync(cancellationToken);
        return Read(context.FindState(_format.Name));
    }

    public Task<T> UpdateAsync(Func<T, T> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        return ChangeAsync(static (state, entry, update) => state.Update(entry, update), update, cancellationToken);
    }

    public Task ReplaceAsync(T value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ChangeAsync(
            static (state, entry, to) => (to.Value, new StateWrite(state._format.Name, entry.Version, to.Data) { IsFinal = true }), (Value: value, Data: _format.Write(value)), cancellationToken);
    }

    public Task ClearAsync(CancellationToken cancellationToken = default) => Context.Session is null
        ? Task.CompletedTask
        : ChangeAsync<object?>(static (state, entry, _) => (new(), StateWrite.Remove(state._format.Name, entry.Version)), null, cancellationToken);

    private (T Value, StateWrite? Write) Update(StateEntry entry, Func<T, T> update)
    {
        var old = Read(entry);
        var value = update(old) ?? throw new InvalidOperationException("The new state is null. Return a value, or take the state away with ClearAsync.");
        return (value, ReferenceEquals(value, old) ? null : new StateWrite(_format.Name, entry.Version, _format.Write(value)) { IsFinal = true });
    }

    /// <summary>Writes what <paramref name="change"/> makes of the entry, again and again until nobody was first; no write is none to lose.</summary>
    /// <returns>The state as it is now.</returns>
    private async Task<T> ChangeAsync<TTo>(Change<TTo> change, TTo to, CancellationToken cancellationToken)
    {
        var context = Context;
        var (value, write) = change(this, context.FindState(_format.Name), to);
        return write is null || (await context.WriteAsync(write.Value, cancellationToken)).Written ? value : await RetryAsync(context, change, to, cancellationToken);
    }

    private async Task<T> RetryAsync<TTo>(SessionContext context, Change<TTo> change, TTo to, CancellationToken cancellationToken)
    {
        var gate = gates.For(context.Session!.Key);
        await gate.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 2; attempt <= MaxAttempts; attempt++)
            {
                metrics.Retried(context.Caller);
                var (value, write) = change(this, context.FindState(_format.Name), to);
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

    private T Read(StateEntry entry) => entry.Exists ? _format.Read(entry) : new();
}
