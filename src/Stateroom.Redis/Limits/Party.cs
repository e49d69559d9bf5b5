using Stateroom.Limits;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Limits;

/// <summary>To whom limits apply, as the keys say it.</summary>
/// <param name="Tag">Stands for the tenant.</param>
/// <param name="Owner">Stands for the owner; <see cref="WholeTenant"/> for none.</param>
internal readonly record struct Party(string Tag, string Owner)
{
    public const string WholeTenant = "";

    public bool IsOwner => Owner.Length > 0;

    public static Party Of(in AdmissionRequest request) => Of(request.Caller.Tenant, request.Caller.IsAnonymous, request.Caller.Party);

    public static Party Of(TenantId tenant, bool anonymous, string? owner) =>
        new(RedisKeys.TrafficTag(tenant, anonymous), owner is null ? WholeTenant : RedisKeys.Party(owner));
}
