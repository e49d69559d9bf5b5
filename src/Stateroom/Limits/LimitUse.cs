namespace Stateroom.Limits;

/// <summary>How much of its limits somebody uses at the moment. Only what is limited is counted.</summary>
/// <param name="Calls">Requests that run.</param>
/// <param name="Streams">Event streams that are open.</param>
/// <param name="Messages">How many of the messages of a burst are used up and have not come back yet, rounded up.</param>
public readonly record struct LimitUse(int Calls, int Streams, int Messages);
