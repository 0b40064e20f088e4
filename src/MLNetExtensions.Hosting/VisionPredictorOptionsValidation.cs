using Microsoft.Extensions.Options;

namespace MLNetExtensions.Hosting;

/// <summary>The options' own checks, as the options pattern asks for them.</summary>
internal sealed class VisionPredictorOptionsValidation : IValidateOptions<VisionPredictorServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, VisionPredictorServiceOptions options)
    {
        try
        {
            options.Validate();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException e)
        {
            return ValidateOptionsResult.Fail($"The predictor '{options.Name}': {e.Message}");
        }
    }
}
