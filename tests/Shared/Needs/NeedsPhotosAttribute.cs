namespace MLNetExtensions.TestData.Needs;

/// <summary>
/// Real photos with classes, for what a trained backbone makes of them; where any images do, <c>tests/Photos</c> has them.
/// </summary>
internal sealed class NeedsPhotosAttribute : NeedsAttribute
{
    public override string What => "photos of flowers: ../shared/data/flowers";

    public override bool IsThere => Directory.Exists(SharedData.PathOf("data", "flowers"));
}
