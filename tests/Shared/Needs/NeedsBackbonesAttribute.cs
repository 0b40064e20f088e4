namespace MLNetExtensions.TestData.Needs;

/// <summary>Networks of others, most of them with the weights that they were trained to.</summary>
internal sealed class NeedsBackbonesAttribute : NeedsAttribute
{
    public override string What => "third-party backbones: ../shared/models";

    public override bool IsThere => Directory.Exists(SharedData.PathOf("models"));
}
