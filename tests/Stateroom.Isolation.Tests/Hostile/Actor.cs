namespace Stateroom.Isolation.Tests.Hostile;

/// <summary>Somebody who calls. All that it says of its own holds its marker, which nobody else may ever see.</summary>
/// <param name="Key">Its token; empty for none.</param>
/// <param name="Tenant">Its tenant; null where the token is not valid.</param>
/// <param name="Owner">Its name within the tenant.</param>
/// <param name="Marker">Its marker.</param>
internal sealed record Actor(string Key, string? Tenant, string? Owner, string Marker)
{
    public bool IsKnown => Tenant is not null;

    public override string ToString() => Key.Length == 0 ? "no token" : Key;
}
