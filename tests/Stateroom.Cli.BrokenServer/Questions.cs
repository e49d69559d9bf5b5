using System.Collections.Concurrent;

namespace Stateroom.Cli.BrokenServer;

/// <summary>Questions that wait for their answers.</summary>
internal sealed class Questions(Fault fault)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _open = new();
    private readonly ConcurrentDictionary<string, int> _lastIds = new();

    /// <summary>Draws an id and asks; each session counts from 1, as servers of the SDKs do.</summary>
    /// <returns>What the client chose; null if it did not answer.</returns>
    public async Task<string?> AskAsync(Session session, Func<int, Task> ask, CancellationToken cancellationToken)
    {
        var id = _lastIds.AddOrUpdate(session.Id, 1, (_, last) => last + 1);
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _open[Key(session, id)] = answer;
        await ask(id);
        try
        {
            return await answer.Task.WaitAsync(_patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    public void Answer(Session session, int id, string choice)
    {
        if (_open.TryRemove(Key(session, id), out var answer))
        {
            answer.TrySetResult(choice);
        }
    }

    private string Key(Session session, int id) => fault is Fault.AnswersByRequestId ? $"{id}" : $"{session.Id} {id}";
}
