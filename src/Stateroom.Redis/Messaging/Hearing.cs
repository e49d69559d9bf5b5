namespace Stateroom.Redis.Messaging;

/// <summary>
/// Whether this instance hears what is published. It sends itself an echo on every channel from time to time; where one did not come back before the next
/// was due, signals may have been lost until one comes back.
/// </summary>
internal sealed class Hearing(int channels)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _awaited = [];
    private long _round;
    private bool _deaf;

    /// <summary>Whether every channel was heard since the last loss.</summary>
    public bool IsHearing { get; private set; }

    /// <summary>Begins a round.</summary>
    /// <param name="lost">Whether it is known already that signals may have been lost.</param>
    /// <returns>The texts to send, one on each channel.</returns>
    public IReadOnlyList<string> Begin(bool lost)
    {
        lock (_lock)
        {
            if (lost || _awaited.Count > 0)
            {
                _deaf = true;
                IsHearing = false;
            }

            _round++;
            _awaited.Clear();
            for (var channel = 0; channel < channels; channel++)
            {
                _awaited.Add($"{_round}.{channel}");
            }

            return [.. _awaited];
        }
    }

    /// <summary>Takes up an echo.</summary>
    /// <returns>Whether it ends a time in which signals may have been lost.</returns>
    public bool Hear(string text)
    {
        lock (_lock)
        {
            if (!_awaited.Remove(text) || _awaited.Count > 0)
            {
                return false;
            }

            IsHearing = true;
            var wasDeaf = _deaf;
            _deaf = false;
            return wasDeaf;
        }
    }
}
