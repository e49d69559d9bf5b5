namespace Stateroom.AspNetCore.Auditing;

/// <summary>Which looks were logged within a minute: a page that looks every few seconds would hide in the log what was done.</summary>
internal sealed class RecentLooks(TimeProvider time)
{
    internal const int Capacity = 1_000;

    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Who, string Action, string Tenant, string Target, string Query, string Outcome), long> _logged = [];

    /// <summary>Says whether a look is to be logged: it was not within the last minute.</summary>
    public bool TryEnter((string Who, string Action, string Tenant, string Target, string Query, string Outcome) look)
    {
        lock (_lock)
        {
            if (_logged.TryGetValue(look, out var at) && time.GetElapsedTime(at) < Recent)
            {
                return false;
            }

            if (_logged.Count >= Capacity)
            {
                // Some are logged again before their minute is over.
                _logged.Clear();
            }

            _logged[look] = time.GetTimestamp();
            return true;
        }
    }
}
