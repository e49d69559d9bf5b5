namespace Stateroom.AspNetCore.Limits;

/// <summary>What a call holds of its caller's limits, also when its HTTP request is over.</summary>
internal interface IPlaces
{
    /// <summary>Gives it back.</summary>
    void Release();
}
