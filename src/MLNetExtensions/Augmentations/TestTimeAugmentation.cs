using MLNetExtensions.Augmentations.Engine;

namespace MLNetExtensions.Augmentations;

/// <summary>Several fixed views of a picture, whose predictions are averaged at scoring. Immutable.</summary>
public sealed record TestTimeAugmentation
{
    private readonly Action<AugmentationPlan>[] _views;

    private TestTimeAugmentation(params Action<AugmentationPlan>[] views) => _views = views;

    /// <summary>The picture and its mirror image.</summary>
    public static TestTimeAugmentation Flip { get; } = new(Center, Mirrored(Center));

    /// <summary>The four corners and the centre of the resized picture.</summary>
    public static TestTimeAugmentation FiveCrop { get; } = new(Center, Corner(0, 0), Corner(1, 0), Corner(0, 1), Corner(1, 1));

    /// <summary>The four corners and the centre of the resized picture, and their mirror images (Krizhevsky et al., 2012).</summary>
    public static TestTimeAugmentation TenCrop { get; } = new([.. FiveCrop._views, .. FiveCrop._views.Select(view => Mirrored(view))]);

    /// <summary>The number of views.</summary>
    public int Count => _views.Length;

    /// <summary>Adds what makes a view of a canvas.</summary>
    internal void Draw(int view, AugmentationPlan plan) => _views[view](plan);

    private static void Center(AugmentationPlan plan) => plan.End();

    private static Action<AugmentationPlan> Corner(int right, int bottom) => plan =>
    {
        if (plan.Width > plan.TargetWidth || plan.Height > plan.TargetHeight)
            plan.Crop(right * Math.Max(0, plan.Width - plan.TargetWidth), bottom * Math.Max(0, plan.Height - plan.TargetHeight),
                Math.Min(plan.Width, plan.TargetWidth), Math.Min(plan.Height, plan.TargetHeight));
        plan.End();
    };

    private static Action<AugmentationPlan> Mirrored(Action<AugmentationPlan> view) => plan =>
    {
        view(plan);
        plan.FlipHorizontally();
    };
}
