using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Stateroom.Encryption;

internal sealed class EncryptionOptionsValidator(IServiceProviderIsService services) : IValidateOptions<EncryptionOptions>
{
    public ValidateOptionsResult Validate(string? name, EncryptionOptions options) => options switch
    {
        { RefuseUnencrypted: true, EncryptAtRest: false } => ValidateOptionsResult.Fail(
            $"{nameof(options.RefuseUnencrypted)} is set without {nameof(options.EncryptAtRest)}, so that nothing written here could be read again. Set both, or neither."),
        { EncryptAtRest: true } when !services.IsService(typeof(IDataProtectionProvider)) => ValidateOptionsResult.Fail(
            $"{nameof(options.EncryptAtRest)} needs keys. Call services.AddDataProtection() and say where they are kept."),
        _ => ValidateOptionsResult.Success,
    };
}
