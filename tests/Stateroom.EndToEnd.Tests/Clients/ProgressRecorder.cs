using ModelContextProtocol;

namespace Stateroom.EndToEnd.Tests.Clients;

/// <summary>Waits for as many progress notifications as are expected: they may be handled a moment after the answer.</summary>
internal sealed class ProgressRecorder(int expected) : IProgress<ProgressNotificationValue>
{
    private readonly List<float> _seen = [];
    private readonly TaskCompletionSource<IReadOnlyList<float>> _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IReadOnlyList<float>> Complete => _complete.Task;

    public void Report(ProgressNotificationValue value)
    {
        lock (_seen)
        {
            _seen.Add(value.Progress);
            if (_seen.Count == expected)
            {
                _complete.TrySetResult([.. _seen]);
            }
        }
    }
}
