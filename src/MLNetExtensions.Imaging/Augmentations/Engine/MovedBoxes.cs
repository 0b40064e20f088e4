using MLNetExtensions.Imaging.Boxes;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>Copies of boxes, moved as far as a plan has come. Reused; not thread-safe.</summary>
internal sealed class MovedBoxes
{
    private readonly BoxSet _copy = new();
    private readonly LabelMover _mover = new();
    private readonly DisplacementField _field = new();

    /// <summary>Moves copies of boxes through the steps of a plan.</summary>
    public BoxSet Of(AugmentationPlan plan, BoxSet boxes)
    {
        _copy.Clear();
        for (int i = 0; i < boxes.Count; i++)
            _copy.Add(boxes[i], boxes.PolygonsOf(i));
        _mover.Run(plan, _field, _copy, minimumVisibility: 0, mask: default, target: default, ignored: 0);
        return _copy;
    }
}
