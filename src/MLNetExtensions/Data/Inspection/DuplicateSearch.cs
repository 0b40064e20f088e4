using System.Numerics;

namespace MLNetExtensions.Data.Inspection;

/// <summary>Finds pictures that are the same, byte for byte or to the eye: each is compared with each, by hash first.</summary>
internal static class DuplicateSearch
{
    public static IReadOnlyList<DuplicateGroup> Find(IReadOnlyList<PictureFacts> pictures, int threads, CancellationToken cancellation)
    {
        // Equal files are one picture in the comparison of all with all.
        List<List<PictureFacts>> distinct = [.. pictures.GroupBy(picture => picture.ContentHash).Select(group => group.ToList())];
        ulong[] hashes = [.. distinct.Select(group => group[0].Look.Hash)];
        int[] parent = [.. Enumerable.Range(0, distinct.Count)];
        Lock join = new();
        Parallel.For(0, distinct.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i =>
        {
            PictureLook look = distinct[i][0].Look;
            if (look.Thumbnail is null)
                return;
            for (int j = i + 1; j < hashes.Length; j++)
                if (BitOperations.PopCount(look.Hash ^ hashes[j]) <= PictureLook.MostDifferentBits && PictureLook.AreAlike(look, distinct[j][0].Look))
                    lock (join)
                        parent[Root(i)] = Root(j);
        });

        return [.. Enumerable.Range(0, distinct.Count).GroupBy(Root)
            .Select(group => (Pictures: group.SelectMany(i => distinct[i]).ToList(), IsExact: group.Count() == 1))
            .Where(group => group.Pictures.Count > 1)
            .OrderByDescending(group => group.Pictures.Count)
            .Select(group => new DuplicateGroup(group.Pictures.ConvertAll(facts => facts.Picture), group.IsExact))];

        int Root(int i)
        {
            while (parent[i] != i)
                i = parent[i] = parent[parent[i]];
            return i;
        }
    }
}
