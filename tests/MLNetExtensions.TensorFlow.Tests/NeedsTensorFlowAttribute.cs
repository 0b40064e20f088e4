using MLNetExtensions.TensorFlow.Tests;

[assembly: NeedsTensorFlow]

namespace MLNetExtensions.TensorFlow.Tests;

/// <summary>TensorFlow's C library. All tests here need it, but those that say <see cref="NeedsNothingAttribute"/>.</summary>
internal sealed class NeedsTensorFlowAttribute : NeedsAttribute
{
    public override string What =>
        $"TensorFlow's library, which {TensorFlowLibrary.PathVariable} names (docs/tensorflow.md): {LibraryForTests.Problem}";

    public override bool IsThere => LibraryForTests.Problem is null;
}
