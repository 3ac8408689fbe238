//! The [Local Network Access check](https://wicg.github.io/local-network-access/#local-network-access-check): a permission, not a header rule.

use std::net::IpAddr;

use super::address_space::AddressSpace;
use super::client::Permission;
use super::engine::LocalNetworkAccess;
use super::flight::{Flight, Refused};
use super::reason::Reason;
use super::trace::Rule;
use super::verdict::Stage;

/// [Local Network Access check](https://wicg.github.io/local-network-access/#local-network-access-check), on the address of the connection.
///
/// Skipped if `Client::address_space` is `None`: the check compares it with the space of `address`.
pub(crate) fn check(flight: &mut Flight<'_>, stage: Stage, address: IpAddr) -> Result<(), Refused> {
    let init = flight.request().init();
    let space = AddressSpace::of(address);
    let refuse = |reason| Err(Refused::new(stage, Rule::LocalNetworkAccess, reason));
    let Some(page) = init.client.address_space else {
        return Ok(());
    };
    if flight.profile.local_network_access == LocalNetworkAccess::Off {
        return Ok(());
    }
    // A trustworthy page may always connect to its own origin.
    if init.client.origin.is_potentially_trustworthy() && flight.url_origin().same_origin(&init.client.origin)
    {
        return Ok(());
    }
    if let Some(named) = flight.target_address_space().filter(|named| *named != space) {
        return refuse(Reason::LocalNetworkMismatch { named, space });
    }
    let more_private = match flight.profile.local_network_access {
        LocalNetworkAccess::FromPublic => page == AddressSpace::Public && space < page,
        LocalNetworkAccess::MorePrivate | LocalNetworkAccess::Off => space < page,
    };
    if !more_private {
        return Ok(());
    }
    if !init.client.secure_context && flight.profile.local_network_needs_secure_context {
        return refuse(Reason::LocalNetworkInsecure { space });
    }
    if init.client.local_network_permission == Permission::Denied {
        return refuse(Reason::LocalNetworkDenied { space });
    }
    flight.pass(
        stage,
        Rule::LocalNetworkAccess,
        format!("the user permits access to the {} address {address}", space.as_str()),
    );
    Ok(())
}
