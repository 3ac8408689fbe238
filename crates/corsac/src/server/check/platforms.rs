//! Forms of host names that a platform reserves for one customer, on a domain where anybody can choose other names.

/// A platform on whose domain a name of this form belongs to the owner of the site that is named after `separator`.
struct Platform {
    suffix: &'static str,
    /// What separates the part that varies from the name of the site.
    separator: &'static str,
}

/// Each platform with the page that documents it. A form belongs here only if there is evidence that no other customer can choose it.
const PLATFORMS: &[Platform] = &[
    // The address of a branch or preview is always its name, two dashes, and the site's own name:
    // https://answers.netlify.com/t/configuring-branch-subdomain-names/3771 and
    // https://docs.netlify.com/manage/domains/manage-domains/automatic-deploy-subdomains
    Platform { suffix: "netlify.app", separator: "--" },
];

/// Returns `true` if all names that a label with a `*` covers, directly below this suffix, belong to one site of its platform:
/// `*--acme` below `netlify.app`.
pub(super) fn belongs_to_one_site(label: &str, suffix: &str) -> bool {
    let after = label.split_once('*').map_or("", |(_, after)| after);
    PLATFORMS.iter().any(|platform| {
        let site = after.rsplit_once(platform.separator).map_or("", |(_, site)| site);
        platform.suffix == suffix && !site.is_empty() && !site.starts_with('-')
    })
}

#[cfg(test)]
mod tests {
    use super::belongs_to_one_site;

    #[test]
    fn the_name_of_the_site_is_fixed_and_follows_the_separator() {
        let table = [
            ("*--acme", "netlify.app", true),
            ("deploy-preview-*--acme", "netlify.app", true),
            ("*--a-b", "netlify.app", true),
            ("*-x--acme", "netlify.app", true),
            ("*-acme", "netlify.app", false),
            ("*--", "netlify.app", false),
            ("*---", "netlify.app", false),
            ("acme--*", "netlify.app", false),
            ("x--acme-*", "netlify.app", false),
            ("*--acme", "vercel.app", false),
            ("*--acme", "app", false),
        ];
        for (label, suffix, expected) in table {
            assert_eq!(belongs_to_one_site(label, suffix), expected, "{label}.{suffix}");
        }
    }
}
