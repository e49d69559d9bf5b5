namespace Stateroom.AspNetCore.Endpoint;

/// <summary>Registered by <c>WithSessions</c>, so that a missing call is named instead of a missing service.</summary>
internal sealed class StateroomMarker;
