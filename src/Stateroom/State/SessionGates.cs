using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>Lets calls of one session that are in each other's way take turns, so that an instance contends for a session with one call at a time.</summary>
/// <remarks>Sessions share a fixed number of gates; which one is nobody's business but speed's.</remarks>
internal sealed class SessionGates
{
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1, 1))];

    public SemaphoreSlim For(SessionKey session) => _gates[(uint)session.GetHashCode() % (uint)_gates.Length];
}
