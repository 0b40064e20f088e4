using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Explanation.Methods;

/// <summary>
/// A way to tell how much each place of an image contributes to an output of a network. All of them explain the logit of a class (what
/// Softmax or Sigmoid reads) or a regression's value, in inference mode.
/// </summary>
/// <remarks>It cannot be derived from outside of this library.</remarks>
public abstract record ExplanationMethod
{
    private protected ExplanationMethod() { }

    /// <summary>Opens the method for a network.</summary>
    internal abstract IAttribution Open(AttributionSetting setting);

    /// <summary>Records problems with its settings.</summary>
    internal virtual void Check(SettingChecks checks) { }
}
